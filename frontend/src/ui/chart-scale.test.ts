import { expect, it } from "vitest";
import { pathThrough, scaleFor, smoothed, ticksBetween } from "./chart-scale";

it("spans the values with round ticks", () => {
  expect(ticksBetween(0.03, 0.21)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25]);
  expect(ticksBetween(1, 1).length).toBeGreaterThan(1);
});

it("puts the lowest value at the bottom and the last step at the right", () => {
  const scale = scaleFor([[0, 1], [10, 0]], 10, { width: 108, height: 120, left: 0, bottom: 10, top: 10 });
  expect(scale.x(10)).toBe(100);
  expect(scale.y(0)).toBe(110);
  expect(pathThrough([[0, 1], [10, 0]], scale)).toBe("M0.0 10.0L100.0 110.0");
});

it("smooths without dragging towards zero", () => {
  expect(smoothed([[1, 2], [2, 2], [3, 2]]).map(([, value]) => value)).toEqual([2, 2, 2]);
});
