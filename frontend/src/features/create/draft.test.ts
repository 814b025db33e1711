import { describe, expect, it } from "vitest";
import type { Model } from "@/api/types";
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

  it.each([
    [1024, [1024, 768, 1280]],
    [512, [512, 384, 640]],
    [96, [96, 64, 128]],
    [64, [64, 96]],
    [null, [512, 384, 640]],
  ])("offers sizes around the base's own side %s", (side, sizes) => {
    expect(sizesFor({ side })).toEqual(sizes);
  });
});

describe("coming back to a picture", () => {
  const can = (models: readonly Model[], mayTry = false) => ({ models, mayTry });

  it("takes everything from the request", () => {
    const made = { ...GENERATION, width: 96, height: 64, scheduler: "euler_a" };
    expect(askFor(draftAgain(made, EMPTY))).toEqual({
      prompt: made.prompt, negative: made.negative, base: BASE.id, adapters: [{ model: ADAPTER.id, weight: 0.8 }],
      seed: made.seed, steps: 20, guidance: 6, width: 96, height: 64, scheduler: "euler_a", count: 1,
    }); // prettier-ignore
  });

  it("takes everything from the picture's record", () => {
    const asset = { ...ASSET, width: 96, height: 64, record: { ...ASSET.record, steps: 31, guidance: 3.5, scheduler: { name: "dpmpp_2m", config: {} } } };
    const { draft, missing } = draftFromAsset(asset, can(MODELS), EMPTY);
    expect(missing).toEqual([]);
    expect(askFor(draft)).toEqual({
      prompt: ASSET.prompt, negative: ASSET.negative, base: BASE.id, adapters: [{ model: ADAPTER.id, weight: 0.8 }],
      seed: ASSET.seed, steps: 31, guidance: 3.5, width: 96, height: 64, scheduler: "dpmpp_2m", count: 1,
    }); // prettier-ignore
  });

  it("names what cannot be used here now", () => {
    expect(draftFromAsset(ASSET, can([BASE]), EMPTY)).toMatchObject({ draft: { base: BASE.id, weights: {} }, missing: [ADAPTER.id.slice(0, 8)] });
    const retired = [{ ...BASE, state: "retired" as const }, { ...ADAPTER, state: "retired" as const }];
    expect(draftFromAsset(ASSET, can(retired), { ...EMPTY, base: "other" })).toMatchObject({ draft: { base: "other", weights: {} }, missing: [BASE.name, ADAPTER.name] });
  });

  it("recalls a trial only for those who may try", () => {
    const trial = { ...ASSET, adapters: [{ model: CANDIDATE.id, weight: 1 }] };
    expect(draftFromAsset(trial, can(MODELS), EMPTY).missing).toEqual([CANDIDATE.name]);
    expect(draftFromAsset(trial, can(MODELS, true), EMPTY).missing).toEqual([]);
  });
});
