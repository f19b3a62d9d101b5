import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { median } from "../median.ts";
import { say } from "../report.ts";
import type { WorkloadName } from "./workload.ts";

const execute = promisify(execFile);
const PROCESS = fileURLToPath(new URL("./workload-process.ts", import.meta.url));
const TIMEOUT_MS = 120_000;

export interface Measurement {
  readonly contestant: "muster" | "graphile-worker" | "pg-boss";
  readonly workload: WorkloadName;
  readonly warmUp: number;
  readonly tasks: number;
}

/**
 * Tasks a second of each measurement, the median of so many rounds. In turns, so that a machine that slows down slows all of
 * them; each time in a fresh process, on tables that have just been vacuumed.
 */
export async function ratesOf(url: string, measurements: readonly Measurement[], rounds: number): Promise<number[]> {
  const rates = measurements.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, measurement] of measurements.entries()) rates[index]?.push(await rateOf(url, measurement));
    const shown = measurements.map(({ contestant, workload }, index) => {
      return `${contestant} ${workload} ${rates[index]?.at(-1)?.toFixed(0)}`;
    });
    say(`round ${round}, tasks a second: ${shown.join(", ")}`);
  }
  return rates.map(median);
}

async function rateOf(url: string, { contestant, workload, warmUp, tasks }: Measurement): Promise<number> {
  await refresh(url);
  const args = [PROCESS, contestant, workload, url, String(warmUp), String(tasks)];
  const { stdout } = await execute(process.execPath, args, { timeout: TIMEOUT_MS });
  return tasks / (Number(stdout.trim()) / 1_000);
}

async function refresh(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("vacuum analyze");
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}
