import { expect, it } from "vitest";
import { english, pseudo, pseudoCatalogue, wordsFrom } from "./words";
import { en } from "./en/catalogue";

it("fills placeholders", () => {
  expect(english.say("create.progress", { step: 3, steps: 20 })).toBe("Step 3 of 20");
});

it("counts by the locale's plural rules", () => {
  expect(english.count("datasets.pictures", 1)).toBe("1 picture");
  expect(english.count("datasets.pictures", 1200)).toBe("1,200 pictures");
});

it("answers nothing for a key that nobody wrote", () => {
  expect(english.find("problem.never.heard")).toBeUndefined();
  expect(english.find("problem.not_found")).toBe(en["problem.not_found"]);
});

it("leaves no plain letter in the pseudo-locale but in placeholders", () => {
  for (const text of Object.values(pseudoCatalogue())) expect(text.replaceAll(/\{\w+\}/g, "")).not.toMatch(/[A-Za-z]/);
  expect(wordsFrom(pseudoCatalogue(), "en-GB").say("nav.create")).toBe(pseudo("Create"));
});
