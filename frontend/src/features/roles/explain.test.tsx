import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { EXPLANATION, PEOPLE, PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

it("asks about the person whom the address names, and answers with role, group and what it never meets", async () => {
  const { asked } = startService({ ...REPLIES, "GET /explain": { ...EXPLANATION, allowed: false, why: "separated", voided_by: [{ permission: "model.decide", grants: [{ ...EXPLANATION.gives[0], grant: "7", role: "officer", project: null, group: "" }] }] } });
  renderAt(`/settings/grants?person=${PEOPLE[1]?.id ?? ""}`);
  await screen.findByRole("option", { name: "Grant and revoke roles." });
  await userEvent.selectOptions(screen.getByLabelText("do this"), "member.manage");
  await userEvent.click(screen.getByRole("button", { name: "Explain" }));
  expect(await screen.findByText(/Olive Marsh holds something that it never meets/)).toBeTruthy();
  expect(screen.getByText(/^Lead in .+ through the group Animators, until/)).toBeTruthy();
  expect(screen.getByText(/^Compliance officer in the whole studio, until/)).toBeTruthy();
  expect(asked.findLast(({ path }) => path.includes("/explain"))?.path).toContain(`person=${PEOPLE[1]?.id ?? ""}&permission=member.manage`);
});

it("asks a lead's question in her project alone", async () => {
  const { asked } = startService();
  renderAt(`/projects/${PROJECT}/explain`);
  await userEvent.selectOptions(await screen.findByLabelText("May"), await screen.findByRole("option", { name: "Lena Brandt" }));
  await userEvent.selectOptions(screen.getByLabelText("do this"), await screen.findByRole("option", { name: "Approve models." }));
  await userEvent.click(screen.getByRole("button", { name: "Explain" }));
  expect(await screen.findByText("Yes, Lena Brandt may.")).toBeTruthy();
  expect(asked.findLast(({ path }) => path.includes("/explain"))?.path).toContain(`project=${PROJECT}`);
  expect(asked.some(({ path }) => path.includes("/people"))).toBe(false);
});
