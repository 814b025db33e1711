import { expect, it } from "vitest";
import type { Roles, Session } from "@/api/types";
import { offeredIn, scopeOf } from "./scope";

const LINES = [
  { permission: "asset.read", text: "", step_up: false },
  { permission: "token.issue", text: "", step_up: true },
  { permission: "export.request", text: "", step_up: true },
  { permission: "member.read", text: "", step_up: false },
] as Roles["permissions"];
const SESSION = { permissions: ["member.read", "token.issue"], projects: [{ id: "1", permissions: ["asset.read", "token.issue"] }, { id: "2", permissions: ["export.request"] }] } as unknown as Session;
const names = (lines: Roles["permissions"]) => lines.map(({ permission }) => permission);

it("offers what one holds there, apart what asks for a second factor, and never to issue tokens", () => {
  const anywhere = offeredIn(SESSION, "", LINES);
  expect([names([...anywhere.plain]), names([...anywhere.guarded])]).toEqual([["asset.read", "member.read"], ["export.request"]]);
  const here = offeredIn(SESSION, "1", LINES);
  expect([names([...here.plain]), names([...here.guarded])]).toEqual([["asset.read"], []]);
});

it("asks for no permission that was chosen for another project", () => {
  expect(scopeOf(offeredIn(SESSION, "1", LINES), new Set(["export.request", "asset.read"]))).toEqual(["asset.read"]);
});
