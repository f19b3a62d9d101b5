import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Figure } from "./report.ts";
import { withBenchDatabase } from "./bench-database.ts";

const execute = promisify(execFile);
const TRIAL = fileURLToPath(new URL("./driver-trial.ts", import.meta.url));

/** Decision 001 as a trial: the same workload on both drivers while backends are terminated. All but `committed` should be 0. */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    const figures: Figure[] = [];
    for (const driver of ["pg", "postgres"]) {
      const { stdout } = await execute(process.execPath, [TRIAL, driver, url], { timeout: 60_000 });
      const counts = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, number>;
      for (const [name, value] of Object.entries(counts)) {
        figures.push({ name: `drivers.${driver}.${name}`, value, unit: "transactions" });
      }
    }
    return figures;
  });
}
