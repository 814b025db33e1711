import { expect, it } from "vitest";
import { flatFacts } from "./record-facts";

it("flattens trees and lists, and loses nothing", () => {
  expect(flatFacts({ steps: 20, machine: { threads: 1, flags: ["a", "b"] }, adapters: [{ weight: 0.8 }], none: null })).toEqual([
    { name: "steps", value: "20" },
    { name: "machine.threads", value: "1" },
    { name: "machine.flags", value: "a, b" },
    { name: "adapters[0].weight", value: "0.8" },
    { name: "none", value: "–" },
  ]);
});
