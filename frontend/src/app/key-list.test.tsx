import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { PROJECT, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

afterEach(() => { vi.restoreAllMocks(); });

async function openHelp(session: unknown = SESSION) {
  startService({ ...REPLIES, "GET /session": session });
  const { router } = renderAt(`/projects/${PROJECT}/models`);
  await screen.findByRole("heading", { name: "Models" });
  await userEvent.keyboard("?");
  return { dialog: await screen.findByRole("dialog"), router };
}

it("lists a shortcut for every room that has one, each once", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { dialog } = await openHelp();
  const rooms = ["Create", "Gallery", "Datasets", "Training", "Models", "Ledger", "Take away"];
  for (const room of rooms) expect(within(dialog).getByText(`Go to ${room}`)).toBeTruthy();
  expect(told.mock.calls.filter(([text]) => String(text).includes("same key"))).toEqual([]);
});

it("offers none to a room that the person may not enter, and goes there by no key", async () => {
  const { dialog, router } = await openHelp({ ...SESSION, permissions: [], projects: [{ id: PROJECT, name: "P", permissions: ["model.read", "ledger.read"] }] });
  expect(within(dialog).getByText("Go to Ledger")).toBeTruthy();
  expect(within(dialog).queryByText("Go to Create")).toBeNull();
  await userEvent.keyboard("{Escape}gc");
  expect(router.state.location.pathname).toBe(`/projects/${PROJECT}/models`);
});
