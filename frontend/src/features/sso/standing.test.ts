import { expect, it } from "vitest";
import { linesOf, standing } from "./standing";

it("tells how a provider stands", () => {
  expect(standing({ is_enabled: true, is_tested_as_it_stands: false })).toBe("enabled");
  expect(standing({ is_enabled: false, is_tested_as_it_stands: true })).toBe("tested");
  expect(standing({ is_enabled: false, is_tested_as_it_stands: false })).toBe("untested");
});

it("shows every claim as it came", () => {
  expect(linesOf({ sub: "00u1", groups: ["guildhall-leads"], email_verified: true })).toEqual([
    { name: "email_verified", value: "true" },
    { name: "groups", value: '["guildhall-leads"]' },
    { name: "sub", value: "00u1" },
  ]);
});
