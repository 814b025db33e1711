import { expect, it } from "vitest";
import { GROUPS, PROJECT, ROLES } from "@/testing/fixtures";
import { givenAt, mappingAsk } from "./mapping";

const values = (project: string) => givenAt(ROLES, GROUPS, project, (name) => `in ${name}`).map(({ value }) => value);

it("offers roles where they can be held, and never an owner", () => {
  expect(values(PROJECT)).toEqual(["role:lead", "role:artist", expect.stringMatching(/^custom:/)]);
  expect(values("")).toEqual([expect.stringMatching(/^group:/)]);
});

it("asks for one thing", () => {
  expect(mappingAsk(" guildhall-leads ", "role:lead", PROJECT)).toEqual({ claimed: "guildhall-leads", role: "lead", project: PROJECT });
  expect(mappingAsk("all", "group:7", "")).toEqual({ claimed: "all", group: "7" });
});
