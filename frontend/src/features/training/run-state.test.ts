import { expect, it } from "vitest";
import { RUN } from "@/testing/fixtures";
import { curveOf, isGoing, joined, mayResume } from "./run-state";

it("joins reports without repeating steps", () => {
  expect(joined([[1, 0.5], [2, 0.4]], [[2, 0.4], [3, 0.3]])).toEqual([[1, 0.5], [2, 0.4], [3, 0.3]]);
});

it("reads the curve and the state", () => {
  expect(curveOf({ ...RUN, loss_curve: [[1, 0.2], [2]] })).toEqual([[1, 0.2]]);
  expect(isGoing({ ...RUN, state: "paused" })).toBe(true);
  expect(mayResume({ ...RUN, state: "finished" })).toBe(false);
});
