import { expect, it } from "vitest";
import { beginning } from "./offers";

const LOGIN = "/s/northlight/_allauth/oidc/okta/login/";

it("leads back to where the browser was", () => {
  expect(beginning(LOGIN, "/s/northlight/projects/1/gallery?asset=2")).toBe(`${LOGIN}?next=%2Fs%2Fnorthlight%2Fprojects%2F1%2Fgallery%3Fasset%3D2`);
});

it("leads nowhere in particular from the sign-in page, whose refusal is then old", () => {
  expect(beginning(LOGIN, "/s/northlight/sign-in?error=sso.cancelled")).toBe(LOGIN);
});

it("asks the provider to see the person anew", () => {
  expect(beginning(LOGIN, "/s/northlight/account", true)).toBe(`${LOGIN}?next=%2Fs%2Fnorthlight%2Faccount&fresh=1`);
});
