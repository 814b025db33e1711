import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Model, Permission } from "@/api/types";
import { ADAPTER, BASE, CANDIDATE, PROJECT, SESSION, ids } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";
import { isOwn } from "./own";

const OWN = "You trained this one. Someone else has to decide.";
const show = (model: Partial<Model>, session: unknown = SESSION) => {
  startService({ ...REPLIES, "GET /session": session, "GET /models": { next: null, previous: null, results: [{ ...CANDIDATE, ...model }, BASE] } });
  renderAt(`/projects/${PROJECT}/models`);
  return screen.findByRole("article", { name: CANDIDATE.name });
};

it("says nothing of deciding while a candidate is being measured", async () => {
  await show({ may_decide: false, evaluation: null });
  expect(screen.getByText("Being measured")).toBeTruthy();
  expect(screen.queryByText(OWN)).toBeNull();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

it("tells whoever trained it, and nobody else, to wait for someone else", async () => {
  await show({ may_decide: false, trained_by: SESSION.person.id });
  expect(screen.getByText(OWN)).toBeTruthy();
});

it("does not tell it to another", async () => {
  await show({ may_decide: false, trained_by: ids(99) });
  expect(screen.queryByText(OWN)).toBeNull();
});

it("knows whose it is without an id by what may be decided", () => {
  expect(isOwn({ ...CANDIDATE, trained_by: SESSION.person.id }, SESSION.person.id)).toBe(true);
  expect(isOwn({ ...CANDIDATE, trained_by: SESSION.person.id, evaluation: null }, SESSION.person.id)).toBe(false);
});

const holding = (...permissions: readonly Permission[]) => ({ ...SESSION, permissions: [], projects: [{ id: PROJECT, name: "P", permissions }] });

it("offers Create only to whoever may generate", async () => {
  await show({ ...ADAPTER, name: CANDIDATE.name }, holding("model.read", "model.try"));
  expect(screen.queryByRole("link", { name: "Try in Create" })).toBeNull();
});

it("offers Create to whoever may", async () => {
  await show({ ...ADAPTER, name: CANDIDATE.name }, holding("model.read", "generation.create"));
  expect(screen.getByRole("link", { name: "Try in Create" })).toBeTruthy();
});
