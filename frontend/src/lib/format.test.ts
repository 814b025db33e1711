import { expect, it } from "vitest";
import { ago, duration, fileSize, measure, shortId } from "./format";

it("says durations as minutes and hours", () => {
  expect(duration(7.4)).toBe("0:07");
  expect(duration(95)).toBe("1:35");
  expect(duration(3_725)).toBe("1:02:05");
  expect(duration(-3)).toBe("0:00");
});

it("says sizes in decimal units", () => {
  expect(fileSize(0, "en-GB")).toBe("0 byte");
  expect(fileSize(1_234, "en-GB")).toBe("1.2 kB");
  expect(fileSize(23_600_000, "en-GB")).toBe("23.6 MB");
});

it("says how long ago", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(ago("2026-11-24T11:55:00Z", "en-GB", now)).toBe("5 minutes ago");
  expect(ago("2026-11-23T12:00:00Z", "en-GB", now)).toBe("yesterday");
});

it("keeps measures and ids short", () => {
  expect(measure(0.123456, "en-GB")).toBe("0.1235");
  expect(shortId("0123456789abcdef")).toBe("01234567");
});
