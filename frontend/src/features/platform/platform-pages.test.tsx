import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { OPERATOR, SESSION, ids } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const asOperator = (more: object = {}) => startService({ ...REPLIES, "GET /session": OPERATOR, ...more });

it("takes the platform's people to their rooms, and nobody else", async () => {
  asOperator();
  const { unmount } = renderAt("/");
  expect(await screen.findByRole("heading", { name: "Studios" })).toBeTruthy();
  unmount();
  startService({ ...REPLIES, "GET /session": { ...SESSION, projects: [] } });
  renderAt("/");
  await screen.findByText("You are in no project yet");
  expect(screen.queryByRole("link", { name: "Studios" })).toBeNull();
});

it("takes a limit away by emptying its field", async () => {
  const { asked } = asOperator({ "PUT /quota": {} });
  renderAt("/settings/studios");
  await userEvent.click(await screen.findByRole("button", { name: "Limit Northlight Studio" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.clear(dialog.getByLabelText("Pictures a day"));
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ pictures_a_day: null, device_seconds_a_day: null });
});

it("says which part does not answer", async () => {
  asOperator();
  renderAt("/settings/health");
  expect(await screen.findByText("Does not answer")).toBeTruthy();
});

it("shows a way into a studio once, and none into one that let nobody in", async () => {
  const { asked } = asOperator({ "POST /enter": { token: "ghl_sup_1", role: "auditor", project: null, expires: "2026-11-24T09:00:00Z" } });
  const { unmount } = renderAt("/settings/enter");
  await userEvent.type(await screen.findByLabelText("Studio ID"), "7");
  await userEvent.click(screen.getByRole("button", { name: "Enter" }));
  expect(await screen.findByText("ghl_sup_1")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.path).toMatch(/platform\/studios\/7\/enter$/);
  unmount();
  asOperator({ "POST /enter": refusal(404, "studio.unknown") });
  renderAt("/settings/enter");
  await userEvent.type(await screen.findByLabelText("Studio ID"), ids(3));
  await userEvent.click(screen.getByRole("button", { name: "Enter" }));
  expect(await screen.findByText("There is no such studio.")).toBeTruthy();
});
