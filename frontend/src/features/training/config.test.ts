import { expect, it } from "vitest";
import type { Model } from "@/api/types";
import { BASE } from "@/testing/fixtures";
import { FIRST, configFor, isComplete, promptsIn, suggestedBy } from "./config";

it("takes one sample prompt a line, as it was typed", () => {
  expect(promptsIn(" a house \n\na tree\n")).toEqual([" a house ", "a tree"]);
});

it("sends what the form says", () => {
  expect(configFor({ ...FIRST, trigger: " zq ", samples: "a house", gamma: 1.5 })).toMatchObject({ trigger: "zq", sample_prompts: ["a house"], steps: FIRST.steps, min_snr_gamma: 1.5 });
});

it("starts from what the base suggests", () => {
  const suggested = { learning_rate: 0.0007, min_snr_gamma: 0, steps: 600, rank: null };
  expect(suggestedBy({ ...BASE, suggested } as Model)).toEqual({ rate: 0.0007, gamma: 0, steps: 600, sampleEvery: 100 });
  expect(suggestedBy({ ...BASE, suggested: null } as Model)).toEqual({});
  expect(suggestedBy(undefined)).toEqual({});
});

it("is complete with a name, a dataset and a base", () => {
  expect(isComplete(FIRST)).toBe(false);
  expect(isComplete({ ...FIRST, name: "a", dataset: "b", base: "c" })).toBe(true);
  expect(isComplete({ ...FIRST, name: "a", dataset: "b", base: "c", samples: "x\n".repeat(8) })).toBe(true);
  expect(isComplete({ ...FIRST, name: "a", dataset: "b", base: "c", samples: "x\n".repeat(9) })).toBe(false);
});
