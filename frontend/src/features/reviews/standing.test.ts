import { expect, it } from "vitest";
import { dayIn, endOf, shareOf, standingOf } from "./standing";

const NOW = Date.parse("2030-03-10T12:00:00Z");

it("is overdue once its day is past, and never after it was closed", () => {
  expect(standingOf({ closed: null, due: "2030-03-11T00:00:00Z" }, NOW)).toBe("open");
  expect(standingOf({ closed: null, due: "2030-03-10T00:00:00Z" }, NOW)).toBe("overdue");
  expect(standingOf({ closed: "2030-03-09T00:00:00Z", due: "2030-03-01T00:00:00Z" }, NOW)).toBe("closed");
});

it("counts what is decided either way", () => {
  expect(shareOf({ confirmed: 2, revoked: 1, open: 1 })).toBe(0.75);
  expect(shareOf({ confirmed: 0, revoked: 0, open: 0 })).toBe(1);
});

it("counts days over the end of a month, and a day to its last second", () => {
  expect(dayIn(14, new Date(2030, 0, 25, 23, 30))).toBe("2030-02-08");
  expect(new Date(endOf("2030-02-08")).getTime() - new Date("2030-02-08T00:00:00").getTime()).toBe(86_399_000);
});
