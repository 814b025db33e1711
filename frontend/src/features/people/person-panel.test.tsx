import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { IDENTITIES, PEOPLE, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const OLIVE = PEOPLE[1]?.id ?? "";

async function openPanel(replies = REPLIES, name = "Olive Marsh") {
  const { asked } = startService(replies);
  renderAt("/settings/people");
  await userEvent.click(await screen.findByRole("button", { name: `Show ${name}` }));
  return { asked, panel: within(await screen.findByRole("dialog")) };
}

it("ends a person's sessions only after it asked", async () => {
  const { asked, panel } = await openPanel({ ...REPLIES, "DELETE /sessions": {} });
  expect(await panel.findByText("Firefox on Linux")).toBeTruthy();
  const ended = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  await userEvent.click(panel.getByRole("button", { name: "End all sessions" }));
  expect(ended()).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "End sessions" }));
  await waitFor(() => { expect(ended()).toHaveLength(1); });
  expect(ended()[0]).toContain(`/people/${OLIVE}/sessions`);
});

it("removes a person's second factors only after it asked", async () => {
  const { asked, panel } = await openPanel({ ...REPLIES, "DELETE /factors": {} });
  const removed = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  await userEvent.click(panel.getByRole("button", { name: "Remove second factors" }));
  expect(await screen.findByText("Remove all second factors of Olive Marsh?")).toBeTruthy();
  expect(removed()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Remove factors" }));
  await waitFor(() => { expect(removed()).toEqual([expect.stringContaining(`/people/${OLIVE}/factors`)]); });
});

it("says why an account cannot break glass", async () => {
  const { panel } = await openPanel({ ...REPLIES, "POST /break-glass": refusal(409, "break_glass.no_password") });
  await userEvent.click(panel.getByRole("button", { name: "Make break-glass" }));
  const asking = (await screen.findByText("Make Olive Marsh a break-glass account?")).closest('[role="dialog"]') as HTMLElement;
  await userEvent.click(within(asking).getByRole("button", { name: "Make break-glass" }));
  expect(await panel.findByText(/has no password, which a break-glass account signs in with/)).toBeTruthy();
});

it("shows which providers know a person, and unlinks one only after it asked", async () => {
  const { asked, panel } = await openPanel({ ...REPLIES, "DELETE /identities/:id": {} });
  await userEvent.click(await panel.findByRole("button", { name: "Unlink from Okta" }));
  const removed = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  expect(removed()).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Unlink identity" }));
  await waitFor(() => { expect(removed()).toEqual([expect.stringContaining(`/people/${OLIVE}/identities/${IDENTITIES[0]?.provider ?? ""}`)]); });
});

it("offers nothing to unlink from where no provider knows her, and no linking to who sets none up", async () => {
  const session = { ...SESSION, permissions: ["member.read", "person.manage"], projects: [] };
  const { asked, panel } = await openPanel({ ...REPLIES, "GET /session": session, "GET /identities": { next: null, previous: null, results: [] } });
  expect(await panel.findByText("No provider is linked to this person.")).toBeTruthy();
  expect(panel.queryByRole("button", { name: /Unlink/ })).toBeNull();
  expect(panel.queryByRole("button", { name: "Link" })).toBeNull();
  expect(asked.some(({ path }) => path.includes("/identity-providers"))).toBe(false);
});

it("offers to make ordinary whom the studio has named, and to name nobody else twice", async () => {
  const named = await openPanel(REPLIES, "Tom Arden");
  expect(named.panel.getByText("Break-glass")).toBeTruthy();
  expect(named.panel.queryByRole("button", { name: "Make break-glass" })).toBeNull();
  expect(named.panel.getByRole("button", { name: "Make ordinary" })).toBeTruthy();
});

it("shows roles alone to whoever only reads", async () => {
  const { asked, panel } = await openPanel({ ...REPLIES, "GET /session": { ...SESSION, permissions: ["member.read"], projects: [] } });
  expect(await panel.findByText("Compliance officer")).toBeTruthy();
  expect(panel.queryByText("Signed-in devices")).toBeNull();
  expect(panel.queryByText("Second factors")).toBeNull();
  expect(panel.queryByRole("button", { name: "Suspend person" })).toBeNull();
  expect(asked.some(({ path }) => path.includes("/sessions"))).toBe(false);
});
