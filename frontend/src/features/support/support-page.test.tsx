import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";
import { consentState } from "./consent";

const NOW = Date.parse("2026-11-23T12:00:00Z");

it.each([
  [{ ended: null, until: "2026-11-23T13:00:00Z", entered: null }, "open"],
  [{ ended: null, until: "2026-11-23T13:00:00Z", entered: "support_1" }, "entered"],
  [{ ended: null, until: "2026-11-23T11:00:00Z", entered: "support_1" }, "over"],
  [{ ended: "2026-11-23T11:30:00Z", until: "2026-11-23T13:00:00Z", entered: null }, "over"],
] as const)("knows whether support may come in (%o)", (consent, state) => {
  expect(consentState(consent, NOW)).toBe(state);
});

it("lets support into one project for hours, for a reason, and says why it cannot", async () => {
  const { asked } = startService({ ...REPLIES, "POST /support-consents": refusal(400, "support.too_long") });
  renderAt("/settings/support");
  await userEvent.click(await screen.findByRole("button", { name: "Let support in" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.selectOptions(await dialog.findByLabelText("As"), "Viewer of Fox film");
  await userEvent.type(dialog.getByLabelText("Reason"), "logs");
  await userEvent.click(dialog.getByRole("button", { name: "Let support in" }));
  expect(await dialog.findByText(/at most 72 hours/)).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ role: "viewer", project: PROJECT, hours: 4, reason: "logs" });
});
