import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";
import { tokenState } from "./token-state";

it.each([
  [{ revoked: null, expires: "2027-01-01T00:00:00Z" }, "active"],
  [{ revoked: null, expires: "2026-01-01T00:00:00Z" }, "expired"],
  [{ revoked: "2026-01-01T00:00:00Z", expires: "2027-01-01T00:00:00Z" }, "revoked"],
] as const)("knows which tokens open anything (%o)", (token, state) => {
  expect(tokenState(token, Date.parse("2026-06-01T00:00:00Z"))).toBe(state);
});

it("shows where the directory sends people, and a new token once", async () => {
  const { asked } = startService({ ...REPLIES, "POST /provisioning/:id": { id: "1", token: "ghl_scim_shown_once" } });
  renderAt("/settings/provisioning");
  expect((await screen.findByRole("button", { name: "Copy Base URL" })).textContent).toMatch(/\/scim\/v2$/);
  await userEvent.click(screen.getByRole("button", { name: "New token" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("Name of the directory"), "Okta");
  await userEvent.click(dialog.getByRole("button", { name: "Issue token" }));
  expect(await dialog.findByText("ghl_scim_shown_once")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")).toMatchObject({ path: "/s/northlight/api/v1/provisioning/tokens", body: { name: "Okta", days: 366 } });
});

it("rotates a token with a time of grace, and asks for nothing that the service does not take", async () => {
  const { asked } = startService({ ...REPLIES, "POST /rotate": { id: "1", token: "ghl_scim_next" } });
  renderAt("/settings/provisioning");
  await userEvent.click(await screen.findByRole("button", { name: "Rotate Okta" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.queryByLabelText("Valid for days")).toBeNull();
  await userEvent.click(dialog.getByRole("button", { name: "Rotate" }));
  expect(await dialog.findByText("ghl_scim_next")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ grace_hours: 24 });
});
