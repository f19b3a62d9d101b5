import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FLEET_SIZE } from "./fleet.ts";
import type { Figure } from "./report.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const execute = promisify(execFile);
const CLIENT = fileURLToPath(new URL("./transition-client.ts", import.meta.url));
const CLIENT_PROCESSES = 2;
const SECONDS = 8;

/** Transitions a second through a server process, by clients in processes of their own, 64 requests at a time. */
export async function transportRates(databaseUrl: string): Promise<Figure[]> {
  const server = await startServerProcess(databaseUrl);
  try {
    const figures: Figure[] = [];
    for (const transport of ["http", "websocket"] as const) {
      const rates = await Promise.all(
        Array.from({ length: CLIENT_PROCESSES }, (_, part) => rateOf(transport, server, part)),
      );
      const value = rates.reduce((sum, rate) => sum + rate, 0);
      figures.push({ name: `transitions.${transport}.per_second`, value, unit: "transitions/s" });
    }
    return figures;
  } finally {
    await server.stop();
  }
}

async function rateOf(transport: string, { url, key }: ServerProcess, part: number): Promise<number> {
  const share = Math.floor(FLEET_SIZE / CLIENT_PROCESSES);
  const { stdout } = await execute(
    process.execPath,
    [CLIENT, transport, url, String(part * share + 1), String(share), String(64 / CLIENT_PROCESSES), String(SECONDS)],
    { env: { ...process.env, MUSTER_BENCH_KEY: key }, timeout: (SECONDS + 30) * 1000 },
  );
  return Number(stdout.trim());
}
