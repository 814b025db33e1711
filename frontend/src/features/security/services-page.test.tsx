import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PEOPLE, SERVICES } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

it("hands an orphaned account over to somebody who answers for it", async () => {
  const [farm] = SERVICES;
  const orphan = { ...farm, is_orphaned: true };
  const { asked } = startService({ ...REPLIES, "GET /service-accounts": { next: null, previous: null, results: [orphan] }, "PATCH /service-accounts/:id": orphan });
  renderAt("/settings/service-accounts");
  await userEvent.click(await screen.findByRole("button", { name: "Render farm" }));
  const panel = within(await screen.findByRole("dialog"));
  expect(panel.getByText(/its tokens open nothing. Name somebody else/)).toBeTruthy();
  expect(panel.queryByRole("button", { name: "Issue token" })).toBeNull();
  const [, olive] = PEOPLE;
  await userEvent.selectOptions(panel.getByLabelText("Answers for it"), olive?.id ?? "");
  await userEvent.click(panel.getByRole("button", { name: "Hand over" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ keeper: olive?.id }); });
});
