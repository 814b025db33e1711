import { expect, it } from "vitest";
import { english } from "@/lib/words/words";
import { sentenceOf } from "./sentence";

const PROJECTS = new Map([["1", "Fox film"]]);
const GRANT = { grant: "9", role: "lead", project: "1", group: "", until: null };
const NOW = Date.parse("2030-01-02T00:00:00Z");

it("names role, place, group and end", () => {
  expect(sentenceOf(GRANT, english, PROJECTS)).toBe("Lead in Fox film, for good");
  expect(sentenceOf({ ...GRANT, project: null, role: "Curator", group: "Animators", until: "2030-02-01T12:00:00Z" }, english, PROJECTS, NOW)).toMatch(/^Curator in the whole studio through the group Animators, until 1 Feb 2030/);
});

it("tells that an end is past", () => {
  expect(sentenceOf({ ...GRANT, until: "2030-01-01T12:00:00Z" }, english, PROJECTS, NOW)).toMatch(/, which is past$/);
});
