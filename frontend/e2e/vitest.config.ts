import { defineConfig } from "vitest/config";

/** Journeys in a real browser against a real server: one after another, with all the time that a training needs. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/**/*.spec.ts"],
    testTimeout: 20 * 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    bail: 1,
  },
});
