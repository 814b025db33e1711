import { describe, expect, it } from "vitest";
import { ADAPTER, ASSET, BASE, CANDIDATE, GENERATION } from "@/testing/fixtures";
import { EMPTY, askFor, draftAgain, draftFromAsset, sizesFor, usableAdapters, usableBases } from "./draft";

const MODELS = [BASE, ADAPTER, CANDIDATE];

describe("the order", () => {
  it("leaves the seed to the service unless it is kept", () => {
    expect(askFor({ ...EMPTY, seed: 7 }).seed).toBeNull();
    expect(askFor({ ...EMPTY, seed: 7, isSeedKept: true }).seed).toBe(7);
  });

  it("asks for one picture of one seed", () => {
    expect(askFor({ ...EMPTY, count: 4, isSeedKept: true }).count).toBe(1);
    expect(askFor({ ...EMPTY, count: 4 }).count).toBe(4);
  });
});

describe("the models", () => {
  it("offers candidates only to those who may try them", () => {
    expect(usableAdapters(MODELS, { base: BASE.id, mayTry: false })).toEqual([ADAPTER]);
    expect(usableAdapters(MODELS, { base: BASE.id, mayTry: true })).toEqual([ADAPTER, CANDIDATE]);
    expect(usableBases(MODELS)).toEqual([BASE]);
  });

  it("knows the sizes of a family", () => {
    expect(sizesFor({ family: "sdxl", name: "Studio base" })[0]).toBe(1024);
    expect(sizesFor({ family: "sd1", name: "Guildhall starter" })[0]).toBe(96);
  });
});

describe("coming back to a picture", () => {
  it("takes everything from the request", () => {
    const draft = draftAgain(GENERATION, EMPTY);
    expect(draft).toMatchObject({ prompt: GENERATION.prompt, seed: GENERATION.seed, isSeedKept: true });
  });

  it("finds its models, and leaves out those that are gone", () => {
    const draft = draftFromAsset(ASSET, MODELS, EMPTY);
    expect(draftFromAsset(ASSET, [BASE], EMPTY).weights).toEqual({});
    expect(draft.base).toBe(BASE.id);
    expect(draft.weights).toEqual({ [ADAPTER.id]: 0.8 });
    expect(draft.seed).toBe(ASSET.seed);
  });
});
