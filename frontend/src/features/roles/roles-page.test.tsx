import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { OPERATOR, PEOPLE, ROLES } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const CURATOR = ROLES.own[0]?.id ?? "";
const AS_OPERATOR = { ...REPLIES, "GET /session": { ...OPERATOR, permissions: ["member.read", "member.manage", "studio.manage"] } };

it("shows the whole built-in table, the platform's own people too", async () => {
  startService();
  renderAt("/settings/roles");
  const table = await screen.findByRole("table", { name: "The platform's own people" });
  expect(within(table).getByRole("columnheader", { name: "Operator" })).toBeTruthy();
  expect(within(await screen.findByRole("table", { name: "Roles in the studio" })).queryByRole("columnheader", { name: "Operator" })).toBeNull();
});

it("changes a role of the studio's own, but never to one that permits nothing", async () => {
  const { asked } = startService({ ...REPLIES, "PATCH /roles/:id": ROLES.own[0] });
  renderAt("/settings/roles");
  await userEvent.click(await screen.findByRole("button", { name: "Change Curator" }));
  const dialog = within(await screen.findByRole("dialog"));
  const save = dialog.getByRole<HTMLButtonElement>("button", { name: "Save role" });
  await userEvent.click(dialog.getByLabelText("See the project."));
  expect(save.disabled).toBe(true);
  await userEvent.click(dialog.getByLabelText("Approve models."));
  await userEvent.click(save);
  await waitFor(() => { expect(screen.queryByRole("dialog")).toBeNull(); });
  expect(asked.find(({ method }) => method === "PATCH")).toMatchObject({ path: `/s/northlight/api/v1/roles/${CURATOR}`, body: { name: "Curator", text: "", permissions: ["model.decide"] } });
});

it("takes a role from those who hold it only after it said so", async () => {
  const replies: Record<string, unknown> = { ...REPLIES, "DELETE /roles/:id": refusal(409, "role.in_use") };
  const { asked } = startService(replies);
  renderAt("/settings/roles");
  await userEvent.click(await screen.findByRole("button", { name: "Remove Curator" }));
  await userEvent.click(await screen.findByRole("button", { name: "Remove role" }));
  expect(await screen.findByText(/takes it from each person and group that holds it/)).toBeTruthy();
  const removed = () => asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  expect(removed()).toEqual([`/s/northlight/api/v1/roles/${CURATOR}`]);
  replies["DELETE /roles/:id"] = {};
  await userEvent.click(screen.getByRole("button", { name: "Take it away and remove" }));
  expect(await screen.findByText("Removed.")).toBeTruthy();
  expect(removed().at(-1)).toBe(`/s/northlight/api/v1/roles/${CURATOR}?force=true`);
});

it("appoints the platform's people by name on the platform, and nobody to a studio's role there", async () => {
  const { asked } = startService({ ...AS_OPERATOR, "POST /grants": {} });
  renderAt("/settings/grants");
  await userEvent.click(await screen.findByRole("button", { name: "Grant a role" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("Who"), await dialog.findByRole("option", { name: "Olive Marsh" }));
  expect(dialog.queryByRole("option", { name: "Animators (group)" })).toBeNull();
  expect(dialog.queryByRole("option", { name: "Owner" })).toBeNull();
  await userEvent.selectOptions(dialog.getByLabelText("Role"), await dialog.findByRole("option", { name: "Operator" }));
  await userEvent.click(dialog.getByRole("button", { name: "Grant role" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ person: PEOPLE[1]?.id, role: "operator", project: null, expires: null }); });
});

it("names service accounts among those who can be granted a role, and no other program", async () => {
  startService();
  renderAt("/settings/grants");
  await userEvent.click(await screen.findByRole("button", { name: "Grant a role" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByRole("option", { name: "Render farm (service account)" })).toBeTruthy();
  expect(dialog.queryByRole("option", { name: /Provisioning/ })).toBeNull();
  expect(dialog.queryByRole("option", { name: "Operator" })).toBeNull();
});
