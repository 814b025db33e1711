import { expect, it } from "vitest";
import type { Permission, Session } from "@/api/types";
import { PROJECT, SESSION } from "@/testing/fixtures";
import { ROOMS, firstRoom, openRooms } from "./rooms";

const holding = (...permissions: readonly Permission[]): Session => ({ ...SESSION, permissions: [...permissions], projects: [{ id: PROJECT, name: "P", permissions: [] }] });

it("leads everyone to the first room that is theirs", () => {
  expect(firstRoom(SESSION, PROJECT)).toBe("create");
  expect(firstRoom(holding("asset.read", "ledger.read"), PROJECT)).toBe("gallery");
  expect(firstRoom(holding("dataset.read", "project.create"), PROJECT)).toBe("datasets");
  expect(firstRoom(holding(), PROJECT)).toBe("tokens");
});

it("opens only what a person may enter", () => {
  expect(openRooms(SESSION, PROJECT)).toEqual(ROOMS);
  expect(openRooms(holding("ledger.read", "model.read"), PROJECT).map(({ path }) => path)).toEqual(["models", "ledger"]);
  expect(openRooms(undefined, PROJECT)).toEqual([]);
});
