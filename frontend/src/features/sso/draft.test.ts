import { expect, it } from "vitest";
import { EMPTY, forget, isWhole, keep, keptFor } from "./draft";

const OKTA = { ...EMPTY, name: "Okta", metadata_url: "https://okta.example/m", client_id: "abc", client_secret: "hush", metadata: "<xml/>" };

it("keeps a draft for its own test alone, and never its secret", () => {
  keep("t1", OKTA);
  expect(keptFor("t1")).toMatchObject({ name: "Okta", client_id: "abc" });
  expect(keptFor("t2")).toBeUndefined();
  expect(JSON.stringify({ ...sessionStorage }) + (sessionStorage.getItem("guildhall.provider") ?? "")).not.toMatch(/hush|xml/);
  forget();
  expect(keptFor("t1")).toBeUndefined();
});

it.each([
  [{}, true],
  [{ name: " " }, false],
  [{ metadata_url: "" }, true],
  [{ metadata_url: "", metadata: "" }, false],
  [{ client_secret: "" }, false],
  [{ protocol: "saml" as const, client_id: "", client_secret: "" }, true],
])("knows when enough is written (%o)", (change, is) => {
  expect(isWhole({ ...OKTA, ...change })).toBe(is);
});
