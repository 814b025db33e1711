import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PROJECT, TOKENS } from "@/testing/fixtures";
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
