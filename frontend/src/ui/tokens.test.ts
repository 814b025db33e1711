import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const [light = "", dark = ""] = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8").split(':root[data-mantine-color-scheme="dark"]');
const colours = (part: string): ReadonlyMap<string, string> => new Map([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = "", value = ""]) => [name, value]));
const SCHEMES = [["light", colours(light)], ["dark", colours(dark)]] as const;

/** WCAG's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(known: ReadonlyMap<string, string>, one: string, other: string): number {
  const [dim = 0, bright = 0] = [one, other].map((name) => luminance(known.get(name) ?? "#")).sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

const GROUNDS = ["ground", "surface", "raised"];
const PIGMENTS = ["viridian", "vermilion", "ochre", "ultramarine"];
const READ = [
  ...["ink", "ink-soft", "ink-faint", ...PIGMENTS].flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)),
  ...["ink", "ink-soft"].map((ink) => [ink, "table"] as const),
  ...PIGMENTS.flatMap((pigment) => [[pigment, `${pigment}-wash`], ["ink", `${pigment}-wash`], ["ink-soft", `${pigment}-wash`]] as const),
  ["on-viridian", "viridian"] as const,
];

it.each(SCHEMES)("writes every ink so that it can be read, in %s", (_, known) => {
  expect(READ.filter(([ink, ground]) => !(contrast(known, ink, ground) >= 4.5))).toEqual([]);
});

it.each(SCHEMES)("shows where a field begins, and what has the focus, in %s", (_, known) => {
  const seen = ["edge", "viridian"].flatMap((line) => ["surface", "raised"].map((ground) => [line, ground] as const));
  expect(seen.filter(([line, ground]) => !(contrast(known, line, ground) >= 3))).toEqual([]);
});

it("measures as WCAG does", () => {
  expect(contrast(new Map([["a", "#000000"], ["b", "#ffffff"]]), "a", "b")).toBe(21);
});
