import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { DATASETS, ITEMS, PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

async function askToRemove() {
  const { asked } = startService({ ...REPLIES, "GET /datasets/:id": DATASETS[1], "DELETE /items/:id": {} });
  renderAt(`/projects/${PROJECT}/datasets/x`);
  await userEvent.click(await screen.findByRole("button", { name: "Remove picture 2" }));
  const removed = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path.split("/").at(-1));
  return { dialog: within(await screen.findByRole("dialog")), removed };
}

it("asks before a picture leaves its dataset", async () => {
  const { dialog, removed } = await askToRemove();
  expect(dialog.getByText("Remove picture 2?")).toBeTruthy();
  expect(removed()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Remove picture" }));
  await waitFor(() => { expect(removed()).toEqual([ITEMS[1]?.id]); });
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
});

it("removes nothing when she thinks again", async () => {
  const { dialog, removed } = await askToRemove();
  await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
  expect(removed()).toEqual([]);
});
