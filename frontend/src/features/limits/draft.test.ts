import { expect, it } from "vitest";
import type { Allowance } from "@/api/types";
import { EMPTY, draftOf, holderOf, limitsOf } from "./draft";

it("tells no limit from nothing allowed", () => {
  expect(limitsOf(EMPTY)).toEqual({ bases: null, adapters: null, features: null, pictures_a_day: null, device_seconds_a_day: null });
  expect(limitsOf({ ...EMPTY, adapters: new Set(), pictures: 0 })).toMatchObject({ adapters: [], pictures_a_day: 0 });
});

it("asks again for just what there was", () => {
  const known = { bases: ["1", "2"], adapters: null, features: ["training"], pictures_a_day: 40, device_seconds_a_day: null };
  expect(limitsOf(draftOf(known as unknown as Allowance))).toEqual(known);
});

it("is for a person, a group, or everybody", () => {
  expect(holderOf("person:3")).toEqual({ person: "3", group: null });
  expect(holderOf("group:4")).toEqual({ person: null, group: "4" });
  expect(holderOf("")).toEqual({ person: null, group: null });
});
