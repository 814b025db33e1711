import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ALLOWANCES, PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

it("limits a group's pictures in the project that is shown", async () => {
  const { asked } = startService({ ...REPLIES, "POST /allowances": ALLOWANCES[1] });
  renderAt("/settings/limits");
  await userEvent.click(await screen.findByRole("button", { name: "Add a limit" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("Who"), await dialog.findByRole("option", { name: "Animators (group)" }));
  await userEvent.type(dialog.getByLabelText("Pictures a day"), "30");
  await userEvent.click(dialog.getByLabelText("Every feature"));
  await userEvent.click(dialog.getByLabelText("Training"));
  await userEvent.click(dialog.getByRole("button", { name: "Save limit" }));
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
  const sent = asked.find(({ method }) => method === "POST");
  expect(sent?.path).toContain(`/projects/${PROJECT}/allowances`);
  expect(sent?.body).toEqual({ person: null, group: ALLOWANCES[1]?.group, bases: null, adapters: null, features: ["text_to_image", "replay"], pictures_a_day: 30, device_seconds_a_day: null });
});

it("changes what one says and keeps the rest", async () => {
  const { asked } = startService({ ...REPLIES, "PUT /allowances/:id": ALLOWANCES[1] });
  renderAt("/settings/limits");
  await userEvent.click(await screen.findByRole("button", { name: "Change the limit of Animators" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.clear(dialog.getByLabelText("Device seconds a day"));
  await userEvent.click(dialog.getByRole("button", { name: "Save limit" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ bases: ALLOWANCES[1]?.bases, adapters: [], features: null, pictures_a_day: null, device_seconds_a_day: null }); });
});

it("says in Create how much of today is used", async () => {
  startService();
  renderAt(`/projects/${PROJECT}/create`);
  expect(await screen.findByText("41 of 50 pictures today")).toBeTruthy();
});
