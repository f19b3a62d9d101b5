import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { processStart } from "@muster/processes/process-identity.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The first start builds the console, and waits for others that build it. */
const READY_MS = 240_000;

/** `npm start`, as a person runs it. */
export interface MusterProcess {
  readonly url: string;
  /** Everything it has printed. */
  printed(): string;
  /** As Ctrl-C does: the whole foreground group gets the signal. Resolves when npm has ended. */
  interrupt(): Promise<void>;
  /** SIGKILL to npm, the bootstrap and the launcher, and to nothing else. */
  kill(): Promise<void>;
}

/**
 * Starts Muster on a data folder and a port, with settings of its own where given, and waits until it has said so. Rejects with what
 * it printed when it ends.
 */
export async function startMuster(
  dataDir: string,
  port: number,
  options: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<MusterProcess> {
  const child = spawn("npm", ["start", "--silent", "--", "--data-dir", dataDir, "--port", String(port), ...options], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, PORT: "", DATABASE_URL: "", ...settings },
  });
  let printed = "";
  const collect = (text: Buffer) => (printed += text.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const url = `${settings["MUSTER_TLS_CERT_FILE"] ? "https" : "http"}://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  while (!printed.includes(`Muster runs at ${url}`)) {
    if (child.exitCode !== null) throw new Error(`npm start ended with code ${child.exitCode}: ${printed}`);
    if (performance.now() > deadline) throw new Error(`npm start was not ready in time: ${printed}`);
    await sleep(50);
  }
  return {
    url,
    printed: () => printed,
    interrupt: () => end(child, "SIGINT"),
    kill: () => end(child, "SIGKILL"),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, signal);
  await exited;
}

/** The pids of processes whose command line or environment names the folder. Reads /proc, so on Linux only. */
export async function processesOf(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)) {
    const texts = await Promise.all(
      ["cmdline", "environ"].map((file) => readFile(`/proc/${name}/${file}`, "utf8").catch(() => "")),
    );
    if (texts.some((text) => text.includes(folder))) found.push(Number(name));
  }
  return found;
}

/** The pids that Muster's own processes have left in the data folder: of the server and the console. */
export async function recordedProcesses(dataDir: string): Promise<number[]> {
  const records = (await readdir(dataDir)).filter((name) => name.endsWith(".pid"));
  return Promise.all(records.map(async (name) => Number.parseInt(await readFile(join(dataDir, name), "utf8"), 10)));
}

/** Resolves when nothing that belongs to the folder runs any more, nor any of the processes. */
export async function nothingLeft(folder: string, limitMs: number, processes: readonly number[] = []): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = [...(await processesOf(folder)), ...processes.filter((pid) => processStart(pid) !== null)];
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Still running after ${limitMs} ms: ${left.join(", ")}`);
    await sleep(100);
  }
}
