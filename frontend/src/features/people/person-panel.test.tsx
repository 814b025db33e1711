import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PEOPLE, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const OLIVE = PEOPLE[1]?.id ?? "";

async function openPanel(replies = REPLIES) {
  const { asked } = startService(replies);
  renderAt("/settings/people");
  await userEvent.click(await screen.findByRole("button", { name: "Show Olive Marsh" }));
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

it("says why an account cannot break glass", async () => {
  const { panel } = await openPanel({ ...REPLIES, "POST /break-glass": refusal(409, "break_glass.no_password") });
  await userEvent.click(panel.getByRole("button", { name: "Make break-glass" }));
  const asking = (await screen.findByText("Make Olive Marsh a break-glass account?")).closest('[role="dialog"]') as HTMLElement;
  await userEvent.click(within(asking).getByRole("button", { name: "Make break-glass" }));
  expect(await panel.findByText(/has no password, which a break-glass account signs in with/)).toBeTruthy();
});

it("shows roles alone to whoever only reads", async () => {
  const { asked, panel } = await openPanel({ ...REPLIES, "GET /session": { ...SESSION, permissions: ["member.read"], projects: [] } });
  expect(await panel.findByText("Compliance officer")).toBeTruthy();
  expect(panel.queryByText("Signed-in devices")).toBeNull();
  expect(panel.queryByRole("button", { name: "Suspend person" })).toBeNull();
  expect(asked.some(({ path }) => path.includes("/sessions"))).toBe(false);
});
