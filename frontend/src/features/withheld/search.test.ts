import { expect, it } from "vitest";
import { readSearch } from "./search";

it("takes a state that there is, and nothing else", () => {
  expect(readSearch({ state: "refused", other: "x" })).toEqual({ state: "refused" });
  expect(readSearch({ state: "hidden" })).toEqual({});
  expect(readSearch({ state: 3 })).toEqual({});
  expect(readSearch({})).toEqual({});
});
