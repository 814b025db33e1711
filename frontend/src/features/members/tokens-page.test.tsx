import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { OPERATOR, PROJECT, TOKENS } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

async function openDialog() {
  const { asked } = startService({ ...REPLIES, "DELETE /tokens/:id": {} });
  renderAt(`/projects/${PROJECT}/tokens`);
  await userEvent.click(await screen.findByRole("button", { name: "Revoke Krita plug-in" }));
  const removed = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path.split("/").at(-1));
  return { dialog: within(await screen.findByRole("dialog")), removed };
}

it("asks before a token is revoked", async () => {
  const { dialog, removed } = await openDialog();
  expect(dialog.getByText("Revoke Krita plug-in?")).toBeTruthy();
  expect(removed()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Revoke token" }));
  await waitFor(() => { expect(removed()).toEqual([TOKENS[0]?.id]); });
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
});

it("revokes nothing when she thinks again", async () => {
  const { dialog, removed } = await openDialog();
  await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
  expect(removed()).toEqual([]);
});

it("issues a token that names what it may", async () => {
  const { asked } = startService({ ...REPLIES, "POST /tokens": { ...TOKENS[0], token: "ghl_pat_x" } });
  renderAt(`/projects/${PROJECT}/tokens`);
  await userEvent.click(await screen.findByRole("button", { name: "New token" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("What is it for?"), "Nightly");
  await userEvent.selectOptions(dialog.getByLabelText("What it may"), "some");
  expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Issue token" }).disabled).toBe(true);
  await userEvent.click(await dialog.findByLabelText("Grant and revoke roles."));
  await userEvent.click(dialog.getByRole("button", { name: "Issue token" }));
  expect(await screen.findByText("ghl_pat_x")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toMatchObject({ name: "Nightly", project: null, scope: ["member.manage"] });
});

it("rotates with the grace that she chose", async () => {
  const { asked } = startService({ ...REPLIES, "POST /rotate": { ...TOKENS[0], token: "ghl_pat_y" } });
  renderAt(`/projects/${PROJECT}/tokens`);
  await userEvent.click(await screen.findByRole("button", { name: "Rotate Krita plug-in" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("The old one still works"), "1440");
  await userEvent.click(dialog.getByRole("button", { name: "Rotate token" }));
  expect(await screen.findByText("ghl_pat_y")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ grace_minutes: 1440 });
});

it("lets anybody revoke a token that leaked, and says the same of every one", async () => {
  const { asked } = startService({ "POST /tokens/:id": {} });
  renderAt("/leaked");
  await userEvent.type(await screen.findByLabelText("The token"), " ghl_pat_z ");
  await userEvent.click(screen.getByRole("button", { name: "Revoke this token" }));
  expect(await screen.findByText("If this token opened anything, it opens nothing any more.")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")).toMatchObject({ path: "/s/northlight/api/v1/tokens/leaked", body: { token: "ghl_pat_z" } });
  expect(screen.getByLabelText<HTMLInputElement>("The token").value).toBe("");
});

it("has its place at the account, for who is in no project", async () => {
  startService({ ...REPLIES, "GET /session": OPERATOR });
  renderAt("/account");
  await userEvent.click(await screen.findByRole("link", { name: "Your tokens" }));
  expect(await screen.findByRole("button", { name: "Revoke Krita plug-in" })).toBeTruthy();
});
