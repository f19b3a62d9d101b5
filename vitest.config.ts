import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // As Node resolves: Vite would add "development", and graphql would be loaded twice, once from each of its builds.
  ssr: { resolve: { conditions: ["module", "node"], externalConditions: ["module", "node"] } },
  test: {
    include: ["packages", "apps", "agents", "scripts", "docs", "bench", "e2e", "soak"].map(
      (folder) => `${folder}/**/*.test.ts`,
    ),
    exclude: ["**/node_modules/**"],
    globalSetup: ["packages/database/src/test-run.ts"],
    pool: "forks",
    maxWorkers: availableParallelism(),
    // Real databases and processes on a busy machine: long enough that only what hangs is cut off.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
  },
});
