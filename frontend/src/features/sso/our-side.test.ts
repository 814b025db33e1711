import { expect, it } from "vitest";
import { ourSide, slugOf } from "./our-side";

it.each([
  ["Okta", "okta"],
  ["  Entra ID (new) ", "entra-id-new"],
  ["Ünïcode", "n-code"],
  ["***", ""],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
])("makes an address of a name as the service does (%s)", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

it("tells each protocol's own addresses, and none of the other's", () => {
  const home = "https://guildhall.example/s/northlight";
  expect(ourSide(home, "oidc", "okta")).toMatchObject({ redirect_uri: `${home}/_allauth/oidc/okta/login/callback/`, post_logout_redirect_uri: `${home}/sign-in`, acs_url: "" });
  expect(ourSide(home, "saml", "okta")).toMatchObject({ acs_url: `${home}/_allauth/saml/okta/acs/`, entity_id: `${home}/_allauth/saml/okta/metadata/`, redirect_uri: "" });
});
