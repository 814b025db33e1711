import { expect, it } from "vitest";
import { FIRST, configFor, isComplete, promptsIn } from "./config";

it("takes one sample prompt a line, at most eight", () => {
  expect(promptsIn(" a house \n\na tree\n")).toEqual(["a house", "a tree"]);
  expect(promptsIn("x\n".repeat(12))).toHaveLength(8);
});

it("sends what the form says", () => {
  expect(configFor({ ...FIRST, trigger: " zq ", samples: "a house" })).toMatchObject({ trigger: "zq", sample_prompts: ["a house"], steps: FIRST.steps });
});

it("is complete with a name, a dataset and a base", () => {
  expect(isComplete(FIRST)).toBe(false);
  expect(isComplete({ ...FIRST, name: "a", dataset: "b", base: "c" })).toBe(true);
});
