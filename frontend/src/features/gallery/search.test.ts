import { expect, it } from "vitest";
import { filtersFor, isFiltered, readSearch } from "./search";

it("reads only the names it knows, and only texts", () => {
  expect(readSearch({ model: "m", asset: "a", other: "x", person: 3, after: "" })).toEqual({ model: "m", asset: "a" });
});

it("does not take the open picture for a filter", () => {
  expect(isFiltered({ asset: "a" })).toBe(false);
  expect(isFiltered({ person: "p" })).toBe(true);
});

it("takes whole days", () => {
  const { after, before } = filtersFor({ after: "2026-11-24", before: "2026-11-24" });
  expect(Date.parse(before ?? "") - Date.parse(after ?? "")).toBe(86_400_000 - 1);
});
