import { expect, it } from "vitest";
import { english } from "@/lib/words/words";
import { refused } from "./refused";

it("says a refusal in words", () => {
  expect(refused(english, "sso.admin_links")).toMatch(/An admin of your studio has to link it/);
});

it("names a code that nobody wrote words for", () => {
  expect(refused(english, "sso.userinfo_refused")).toMatch(/\(sso\.userinfo_refused\)/);
});

it.each([undefined, "", 7, "<b>Call this number</b>", "Your account is closed"])("shows nothing of what is no code (%s)", (code) => {
  expect(refused(english, code)).toBeUndefined();
});
