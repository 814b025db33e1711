import { expect, it } from "vitest";
import { EMPTY, askOf, isWhole, rolesAt } from "./draft";

const ROLES = {
  builtin: [
    { role: "owner", reach: "studio", title: "Owner", text: "", permissions: [] },
    { role: "operator", reach: "platform", title: "Operator", text: "", permissions: [] },
    { role: "artist", reach: "project", title: "Artist", text: "", permissions: [] },
  ],
  own: [{ id: "7", name: "Curator", reach: "project", text: "", permissions: [], created: "", changed: "" }],
  permissions: [],
  separated: [],
} as never;

it("offers only the roles of the place", () => {
  expect(rolesAt(ROLES, "").map(({ value }) => value)).toEqual(["owner"]);
  expect(rolesAt(ROLES, "", true).map(({ value }) => value)).toEqual(["operator"]);
  expect(rolesAt(ROLES, "1").map(({ value }) => value)).toEqual(["artist", "own:7"]);
});

it("asks for a person or a group, for a built-in role or the studio's own, until the end of a day", () => {
  expect(askOf({ ...EMPTY, holder: "person:3", role: "owner" })).toEqual({ person: "3", role: "owner", project: null, expires: null });
  const asked = askOf({ holder: "group:4", project: "1", role: "own:7", until: "2030-01-02" });
  expect(asked).toMatchObject({ group: "4", custom: "7", project: "1" });
  expect(new Date(asked["expires"] ?? "").getTime() - new Date("2030-01-02T00:00:00").getTime()).toBe(86_399_000);
});

it("is whole once it says who and what", () => {
  expect(isWhole(EMPTY)).toBe(false);
  expect(isWhole({ ...EMPTY, holder: "person:3", role: "owner" })).toBe(true);
});
