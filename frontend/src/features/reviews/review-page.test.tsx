import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { EVIDENCE, PROJECT, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const OF_THE_REVIEW = "/settings/reviews/x";
const decided = { item: { ...EVIDENCE.items[0], decision: "revoke" }, must_change_mapping: true };

it("confirms at once, revokes after it asked, and says what will come back", async () => {
  const { asked } = startService({ ...REPLIES, "POST /decision": decided });
  const posted = () => asked.filter(({ method }) => method === "POST").map(({ body }) => body);
  renderAt(OF_THE_REVIEW);
  await userEvent.click(await screen.findByRole("button", { name: "Confirm Curator of Animators" }));
  await waitFor(() => { expect(posted()).toEqual([{ decision: "confirm" }]); });
  await userEvent.click(screen.getByRole("button", { name: "Revoke Compliance officer of Olive Marsh" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(posted()).toHaveLength(1);
  await userEvent.click(dialog.getByRole("button", { name: "Revoke role" }));
  expect(await screen.findByText("It will come back")).toBeTruthy();
  expect(posted()).toEqual([{ decision: "confirm" }, { decision: "revoke" }]);
});

it("leaves one's own roles to somebody else, and tells who gave each", async () => {
  startService();
  renderAt(OF_THE_REVIEW);
  const own = within((await screen.findByText("Yours: somebody else decides")).closest("tr") as HTMLElement);
  expect(own.queryByRole("button")).toBeNull();
  expect(screen.getByText("1 of 4 decided")).toBeTruthy();
  expect(await screen.findByText("Identity provider")).toBeTruthy();
});

it("offers no decision in a closed review, but all that was decided", async () => {
  startService({ ...REPLIES, "GET /evidence": { ...EVIDENCE, review: { ...EVIDENCE.review, closed: "2026-12-01T09:00:00Z" } } });
  renderAt(OF_THE_REVIEW);
  expect(await screen.findByText("Confirmed")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^(Confirm|Revoke|Close)/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Save as CSV" })).toBeTruthy();
});

it("is reached by a lead who has no role in the studio, and says so when the service refuses", async () => {
  const lead = { ...SESSION, permissions: [], projects: SESSION.projects.slice(0, 1) };
  const { asked } = startService({ ...REPLIES, "GET /session": lead, "GET /access-reviews": refusal(403, "permission.missing") });
  renderAt(`/projects/${PROJECT}/create`);
  await userEvent.click(await screen.findByRole("link", { name: "Access review" }));
  expect(await screen.findByText("This could not be loaded")).toBeTruthy();
  expect(asked.some(({ path }) => path.includes(`/projects/${PROJECT}/access-reviews`))).toBe(true);
});
