import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PEOPLE, SERVICES } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

it("hands an orphaned account to somebody who is not suspended", async () => {
  const orphan = { ...SERVICES[0], keeper: PEOPLE[2]?.id, keeper_name: "Tom Arden", is_orphaned: true };
  const { asked } = startService({ ...REPLIES, "GET /service-accounts": { next: null, previous: null, results: [orphan] }, "PATCH /service-accounts/:id": orphan });
  renderAt("/settings/service-accounts");
  await userEvent.click(await screen.findByRole("button", { name: "Render farm" }));
  const panel = within(await screen.findByRole("dialog"));
  const go = panel.getByRole<HTMLButtonElement>("button", { name: "Hand over" });
  expect(go.disabled).toBe(true);
  const choice = panel.getByLabelText("Answers for it");
  await userEvent.selectOptions(choice, await panel.findByRole("option", { name: "Olive Marsh" }));
  expect(within(choice).queryByRole("option", { name: "Tom Arden" })).toBeNull();
  await userEvent.click(go);
  await waitFor(() => { expect(asked.find(({ method }) => method === "PATCH")).toMatchObject({ path: `/s/northlight/api/v1/service-accounts/${SERVICES[0]?.id ?? ""}`, body: { keeper: PEOPLE[1]?.id } }); });
});

it("lets a session last no longer than the service takes", async () => {
  const { asked } = startService({ ...REPLIES, "PUT /security-policy": {} });
  renderAt("/settings/security");
  for (const label of [/session lasts at most/, /unused for/]) {
    const field = await screen.findByLabelText(label);
    await userEvent.clear(field);
    await userEvent.type(field, "100000");
    await userEvent.tab();
  }
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "PUT")?.body).toMatchObject({ session_hours: 168, idle_minutes: 720 }); });
});
