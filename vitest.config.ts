import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { EvenOrder } from "./scripts/even-order.ts";

/** These begin processes that outlive a call, take signals, or measure: each of their files gets a process of its own. */
const ALONE = [
  "packages/{database,events,processes,supervisor}",
  "apps/launcher",
  "agents/{tester,toolkit}",
  "docs",
  "scripts",
  "bench",
  "soak",
].map((folder) => `${folder}/**/*.test.ts`);
const ALL = ["packages", "apps", "agents", "scripts", "docs", "bench", "e2e", "soak"].map(
  (folder) => `${folder}/**/*.test.ts`,
);

// As Node resolves: Vite would add "development", and graphql would be loaded twice, once from each of its builds.
const ssr = { resolve: { conditions: ["module", "node"], externalConditions: ["module", "node"] } };
const common = {
  pool: "forks",
  // Real databases and processes on a busy machine: long enough that only what hangs is cut off.
  testTimeout: 30_000,
  hookTimeout: 60_000,
  teardownTimeout: 60_000,
} as const;
const exclude = ["**/node_modules/**"];

export default defineConfig({
  ssr,
  test: {
    ...common,
    globalSetup: ["packages/database/src/test-run.ts", "e2e/src/site/shared-muster.ts"],
    // Most of them wait more than they compute.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: EvenOrder },
    projects: [
      // Starting a process and loading the same modules anew takes longer than most of these files do.
      { ssr, test: { ...common, name: "shared", isolate: false, include: ALL, exclude: [...exclude, ...ALONE] } },
      { ssr, test: { ...common, name: "alone", include: ALONE, exclude } },
    ],
  },
});
