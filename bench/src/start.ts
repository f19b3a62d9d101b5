import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@muster/database/embedded/free-port.ts";
import type { Figure } from "./report.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LIMIT_MS = 120_000;

/**
 * Two starts on one data folder: the first makes it (cold), the second finds it (warm). Ready: /health/ready says so, and
 * the console answers. One start goes before, not measured, which builds the console when it is stale.
 */
export async function run(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-bench-start-"));
  try {
    await timeStart(join(dataDir, "first"));
    const cold = await timeStart(join(dataDir, "second"));
    const warm = await timeStart(join(dataDir, "second"));
    return [
      { name: "start.cold.ready_s", value: cold, unit: "s" },
      { name: "start.warm.ready_s", value: warm, unit: "s" },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function timeStart(dataDir: string): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn("npm", ["start", "--silent", "--", "--data-dir", dataDir, "--port", String(port)], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    detached: true,
  });
  try {
    await ready(child, port);
    return (performance.now() - started) / 1000;
  } finally {
    await end(child);
  }
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const answers = await Promise.all(
      ["/health/ready", "/sign-in"].map((path) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)),
    );
    await Promise.all(answers.map((answer) => answer?.body?.cancel()));
    if (answers.every((answer) => answer?.ok)) return;
    await sleep(20);
  }
  throw new Error("npm start did not become ready.");
}

/** As Ctrl-C does: the whole foreground group gets the signal. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGINT");
  await exited;
}
