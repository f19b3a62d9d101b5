import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { FLEET_SIZE } from "./fleet.ts";
import type { Figure } from "./report.ts";

const execute = promisify(execFile);
const SERVER = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const CLIENT = fileURLToPath(new URL("./transition-client.ts", import.meta.url));
const CLIENT_PROCESSES = 2;
const SECONDS = 8;

/** Transitions a second through a server process, by clients in processes of their own, 64 requests at a time. */
export async function transportRates(databaseUrl: string): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-bench-server-"));
  const key = newAdminKey();
  const server = fork(SERVER, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: "0",
      MUSTER_DATA_DIR: dataDir,
      MUSTER_BOOTSTRAP_KEY: key,
      MUSTER_LOG_LEVEL: "error",
      MUSTER_SUPERVISE: "0",
      // The fleet of this benchmark has no processes that could heartbeat.
      MUSTER_HEARTBEAT_TIMEOUT_MS: "86400000",
    },
  });
  try {
    const url = await serverUrl(server);
    const figures: Figure[] = [];
    for (const transport of ["http", "websocket"] as const) {
      const rates = await Promise.all(
        Array.from({ length: CLIENT_PROCESSES }, (_, part) => rateOf(transport, url, key, part)),
      );
      const value = rates.reduce((sum, rate) => sum + rate, 0);
      figures.push({ name: `transitions.${transport}.per_second`, value, unit: "transitions/s" });
    }
    return figures;
  } finally {
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function serverUrl(server: ChildProcess): Promise<string> {
  const [message] = (await Promise.race([
    once(server, "message"),
    once(server, "exit").then(() => {
      throw new Error("The server ended before it was ready.");
    }),
  ])) as [{ url: string }];
  return message.url;
}

async function rateOf(transport: string, url: string, key: string, part: number): Promise<number> {
  const share = Math.floor(FLEET_SIZE / CLIENT_PROCESSES);
  const { stdout } = await execute(
    process.execPath,
    [CLIENT, transport, url, String(part * share + 1), String(share), String(64 / CLIENT_PROCESSES), String(SECONDS)],
    { env: { ...process.env, MUSTER_BENCH_KEY: key }, timeout: (SECONDS + 30) * 1000 },
  );
  return Number(stdout.trim());
}
