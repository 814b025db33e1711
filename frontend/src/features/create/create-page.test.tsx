import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { ASSET, BASE, GENERATION, PROJECT, REFUSED } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { type Asked, REPLIES, refusal, startService } from "@/testing/service";

const at = (search = "") => `/projects/${PROJECT}/create${search}`;
const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });
const seedField = () => screen.findByLabelText<HTMLInputElement>("Seed");

async function order(asked: readonly Asked[], count = 1): Promise<unknown> {
  await waitFor(() => { expect(asked.filter(({ method }) => method === "POST")).toHaveLength(count); });
  return asked.findLast(({ method }) => method === "POST")?.body;
}

describe("the seed", () => {
  it("is the service's to draw, and the field says so", async () => {
    const { asked } = startService();
    renderAt(at());
    expect((await seedField()).value).toBe("");
    expect((await seedField()).placeholder).toBe("Drawn by the service");
    await userEvent.type(screen.getByLabelText("Prompt"), "a lantern{Control>}{Enter}{/Control}");
    expect(await order(asked)).toMatchObject({ seed: null });
  });

  it("that the dice shows is the one that is used", async () => {
    const { asked } = startService();
    renderAt(at());
    await userEvent.click(await screen.findByRole("button", { name: "Draw a seed and keep it" }));
    const shown = (await seedField()).value;
    expect(shown).toMatch(/^\d+$/);
    await userEvent.type(screen.getByLabelText("Prompt"), "a lantern{Control>}{Enter}{/Control}");
    expect(await order(asked)).toMatchObject({ seed: Number(shown), count: 1 });
  });

  it("is the service's again once its field is emptied", async () => {
    startService();
    renderAt(at());
    await userEvent.type(await seedField(), "7");
    expect(screen.getByRole("button", { name: "Draw a new seed each time" })).toBeTruthy();
    await userEvent.clear(await seedField());
    expect(screen.getByRole("button", { name: "Keep one seed" })).toBeTruthy();
  });
});

it("orders again exactly what was ordered", async () => {
  const made = { ...GENERATION, width: 96, height: 64, scheduler: "unipc" };
  const { asked } = startService({ ...REPLIES, "POST /generations": { results: [made] }, "GET /generations/:id": made });
  renderAt(at());
  await userEvent.type(await screen.findByLabelText("Prompt"), "x{Control>}{Enter}{/Control}");
  await userEvent.click(await screen.findByRole("button", { name: "Again with the same seed" }));
  expect(await order(asked, 2)).toMatchObject({ seed: made.seed, width: 96, height: 64, scheduler: "unipc" });
  expect(screen.getByDisplayValue("96 × 64")).toBeTruthy();
});

describe("a recall", () => {
  it("that fails says why", async () => {
    startService({ ...REPLIES, "GET /assets/:id": refusal(404, "asset.unknown") });
    renderAt(at("?recall=x"));
    expect(await screen.findByText("The picture could not be recalled")).toBeTruthy();
    expect(screen.getByText("There is no such picture here.")).toBeTruthy();
  });

  it("that lacks a model names it", async () => {
    startService({ ...REPLIES, "GET /models": page([BASE]), "GET /assets/:id": { ...ASSET, adapters: [{ model: "gone-and-away", weight: 1 }] } });
    renderAt(at("?recall=x"));
    expect(await screen.findByText("Recalled without gone-and")).toBeTruthy();
  });
});

describe("what comes of it", () => {
  const MADE = `guildhall.made.${PROJECT}`;
  const kept = (...ids: readonly string[]) => { sessionStorage.setItem(MADE, JSON.stringify(ids)); };

  it("is told where the row cannot be read", async () => {
    kept("one");
    startService({ ...REPLIES, "GET /generations/:id": refusal(500, "http_500") });
    renderAt(at());
    expect(await screen.findByText("This could not be loaded")).toBeTruthy();
    expect(sessionStorage.getItem(MADE)).toBe('["one"]');
  });

  it("is forgotten where it is no longer there", async () => {
    kept("one", "two");
    startService({ ...REPLIES, "GET /generations/:id": refusal(404, "generation.unknown") });
    renderAt(at());
    expect(await screen.findByText("An empty frame")).toBeTruthy();
    expect(sessionStorage.getItem(MADE)).toBe("[]");
  });

  it("cannot be stopped once it has ended, and the page says so", async () => {
    kept("one");
    startService({ ...REPLIES, "GET /generations/:id": { ...GENERATION, state: "running", asset: null }, "POST /cancel": refusal(409, "generation.ended") });
    renderAt(at());
    await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
    expect(await screen.findByText("This request has ended.")).toBeTruthy();
  });

  it.each([
    [{ ...REFUSED, reasons: [{ rule: "licence.not_allowed" }] }, "The licences of the chosen models do not allow this use."],
    [{ ...REFUSED, reasons: [{ rule: "house.mascot", span: "mascot" }] }, "A rule of your studio's policy: house.mascot."],
    [{ ...REFUSED, state: "withheld", reasons: [{ rule: "image.nsfw" }] }, "The classifier took the picture for sexual content."],
    [{ ...REFUSED, state: "failed", reasons: [], code: "engine.out_of_memory" }, "The device has too little memory for this. Try a smaller size, or fewer pictures at once."],
    [{ ...REFUSED, state: "failed", reasons: [], code: "engine.TypeError" }, "Something went wrong that nobody foresaw (engine.TypeError). Tell whoever runs Guildhall for you."],
  ])("is explained in words", async (made, sentence) => {
    kept("one");
    startService({ ...REPLIES, "GET /generations/:id": made });
    renderAt(at());
    expect(await screen.findByText(sentence)).toBeTruthy();
  });
});
