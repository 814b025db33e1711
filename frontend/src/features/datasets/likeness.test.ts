import { expect, it } from "vitest";
import { ITEMS } from "@/testing/fixtures";
import { anchorOf, similarAmong } from "./likeness";

const [older] = ITEMS;

it("names the older picture that the list shows", () => {
  const id = older?.id ?? "";
  expect(similarAmong([{ ...older, filename: "fox.png" } as (typeof ITEMS)[number]], id)).toEqual({ id, name: "fox.png" });
});

it("knows the older picture before the list shows it, and none where none is told", () => {
  expect(similarAmong(ITEMS, "further-down")).toEqual({ id: "further-down", name: undefined });
  expect(similarAmong(ITEMS, undefined)).toBeUndefined();
});

it("gives every item an address of its own", () => {
  expect(anchorOf("1")).toBe("item-1");
});
