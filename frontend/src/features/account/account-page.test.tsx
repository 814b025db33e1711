import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

const WITH_PASSWORD = { ...REPLIES, "DELETE /sessions/:id": {}, "POST /change": { status: 200, data: {} } };

it("ends another device, and not the one in front of her", async () => {
  const { asked } = startService(WITH_PASSWORD);
  renderAt("/account");
  const devices = within(await screen.findByRole("table", { name: "Sessions and devices" }));
  expect(within(devices.getAllByRole("row")[1] as HTMLElement).queryByRole("button")).toBeNull();
  await userEvent.click(devices.getByRole("button", { name: "End the session of Safari on iPhone" }));
  expect(await screen.findByText("Ended.")).toBeTruthy();
  expect(asked.find(({ method }) => method === "DELETE")?.path).toMatch(/\/sessions\/00000000-0000-4000-8000-000000000091$/);
});

it("changes the password, and says what is wrong with a new one", async () => {
  const short = new Response(JSON.stringify({ status: 400, errors: [{ code: "password_too_short", param: "new_password" }] }), { status: 400 });
  const { asked } = startService({ ...WITH_PASSWORD, "POST /change": short });
  renderAt("/account");
  await userEvent.click(await screen.findByRole("button", { name: "Change password" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("Current password"), "old");
  await userEvent.type(dialog.getByLabelText("New password"), "new");
  await userEvent.click(dialog.getByRole("button", { name: "Change password" }));
  expect(await dialog.findByText(/too short/)).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ current_password: "old", new_password: "new" });
});
