import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ADAPTER, ASSET, BASE, MODELS, PROJECT, SESSION, SUMMARY } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";
import { madeWith } from "./made-with";

const at = (search = "") => `/projects/${PROJECT}/gallery${search}`;
const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });
const TRIAL = { ...SUMMARY, purpose: "trial" };
const PICTURE = { ...SUMMARY, id: "other", seed: 7, purpose: "picture" };

describe("a trial", () => {
  it("is marked on the wall", async () => {
    startService({ ...REPLIES, "GET /assets": page([TRIAL, PICTURE]) });
    renderAt(at());
    const tile = await screen.findByRole("button", { name: `Open trial picture with seed ${String(SUMMARY.seed)}` });
    expect(within(tile).getByText("Trial")).toBeTruthy();
    expect(within(screen.getByRole("button", { name: "Open picture with seed 7" })).queryByText("Trial")).toBeNull();
  });

  it("is marked when opened, and not offered for taking out", async () => {
    startService({ ...REPLIES, "GET /assets/:id": { ...ASSET, purpose: "trial" } });
    renderAt(at("?asset=x"));
    expect(await screen.findByText(/may be looked at, not taken out/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Download" })).toBeNull();
  });

  it("is not what any picture is", async () => {
    startService();
    renderAt(at("?asset=x"));
    expect(await screen.findByRole("button", { name: "Download" })).toBeTruthy();
    expect(screen.queryByText(/may be looked at, not taken out/)).toBeNull();
  });
});

describe("what made a picture", () => {
  it("is seen at a glance", async () => {
    startService();
    renderAt(at("?asset=x"));
    expect(await screen.findByText(`${ADAPTER.name} at 0.8`)).toBeTruthy();
    const glance = within(screen.getByRole("dialog"));
    expect(glance.getByText(BASE.name)).toBeTruthy();
  });

  it("is told by its id where the project does not know its name", () => {
    expect(madeWith(ASSET, [])).toEqual({ base: BASE.id.slice(0, 8), models: [{ id: ADAPTER.id, name: ADAPTER.id.slice(0, 8), weight: 0.8 }] });
    expect(madeWith({ ...ASSET, adapters: [] }, MODELS)).toEqual({ base: BASE.name, models: [] });
  });
});

it.each([
  [true, 1],
  [false, 0],
])("offers to make the first one only to those who may (%s)", async (may, links) => {
  const projects = SESSION.projects.map((one) => ({ ...one, permissions: one.permissions.filter((name) => may || name !== "generation.create") }));
  startService({ ...REPLIES, "GET /session": { ...SESSION, projects }, "GET /assets": page([]) });
  renderAt(at());
  expect(await screen.findByText("No pictures yet")).toBeTruthy();
  expect(screen.queryAllByRole("link", { name: "Make the first one" })).toHaveLength(links);
});
