import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "@muster/processes/process-identity.ts";
import type { Run } from "./keep-running.ts";
import { LauncherError } from "./launcher-error.ts";
import { lastProblem } from "./server-log.ts";
import type { StopSignals } from "./stop-signals.ts";

/** What the server tells its launcher once it can be used. */
export interface ServerReady {
  readonly type: "ready";
  readonly url: string;
  /** Opens GraphiQL signed in; null when this start has no key to show. */
  readonly signInUrl: string | null;
  readonly agents: readonly { readonly name: string; readonly state: string }[];
}

export interface ServerRun extends Run {
  readonly ready: ServerReady;
}

export interface ServerProcessOptions {
  /** The program, a path. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly log: { readonly descriptor: number; readonly path: string };
  readonly signals: StopSignals;
}

const READY_MS = 120_000;
const STOP_MS = 30_000;
const HURRY_MS = 3_000;

/**
 * Starts the server in a session of its own (the terminal's Ctrl-C is for us, who stop it in order) and waits until it
 * says that it is ready. Throws a `LauncherError` that quotes the log when it ends before.
 */
export async function startServer(options: ServerProcessOptions): Promise<ServerRun> {
  const { log, signals } = options;
  const logged = statSync(log.path).size;
  const child = spawn(process.execPath, [options.entry], {
    detached: true,
    env: options.environment,
    stdio: ["ignore", log.descriptor, log.descriptor, "ipc"],
  });
  // Without a listener an IPC write to a server that just died would end us.
  child.on("error", () => {});
  const pidFile = recordServer(options.dataDir, child);
  const exited = once(child, "exit").then(([code, signal]) => {
    rmSync(pidFile, { force: true });
    return signal ? String(signal) : `exit code ${code}`;
  });
  const stop = () => stopServer(child, exited, signals.hurry);

  const outcome = await Promise.race([
    whenReady(child),
    exited.then((how) => `ended before it was ready (${how})`),
    sleep(READY_MS, `was not ready after ${READY_MS / 1000} s`, { ref: false }),
    aborted(signals.stop).then(() => "was interrupted"),
  ]);
  if (typeof outcome !== "string") return { ready: outcome, exited, stop };
  await stop();
  const problem = lastProblem(log.path, logged);
  throw new LauncherError(`The server ${outcome}${problem ? `: ${problem}` : ""} (log: ${log.path})`);
}

async function stopServer(child: ChildProcess, exited: Promise<string>, hurry: AbortSignal): Promise<void> {
  child.kill("SIGTERM");
  const gone = exited.then(() => true);
  const patience = Promise.race([
    sleep(STOP_MS, false, { ref: false }),
    aborted(hurry).then(() => sleep(HURRY_MS, false, { ref: false })),
  ]);
  if (!(await Promise.race([gone, patience]))) {
    child.kill("SIGKILL");
    await gone;
  }
}

function whenReady(child: ChildProcess): Promise<ServerReady> {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      if ((message as { type?: unknown } | null)?.type === "ready") resolve(message as ServerReady);
    });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/**
 * Stops a server whose launcher was killed. It notices by itself and stops its agents, so it gets the time for that.
 */
export async function reapLeftServer(dataDir: string, say: (line: string) => void): Promise<void> {
  const file = join(dataDir, "server.pid");
  let recorded: string;
  try {
    recorded = readFileSync(file, "utf8");
  } catch {
    return;
  }
  const pid = Number.parseInt(recorded, 10);
  const start = recorded.slice(recorded.indexOf(" ") + 1).trim();
  if (pid > 1 && processStart(pid) === start) {
    say(`Waiting for the server of an earlier run (process ${pid}) to stop.`);
    for (const [signal, patience] of [
      ["SIGTERM", STOP_MS],
      ["SIGKILL", HURRY_MS],
    ] as const) {
      if (processStart(pid) !== start) break;
      process.kill(pid, signal);
      const deadline = performance.now() + patience;
      while (processStart(pid) === start && performance.now() < deadline) await sleep(20);
    }
  }
  rmSync(file, { force: true });
}

function recordServer(dataDir: string, child: ChildProcess): string {
  const file = join(dataDir, "server.pid");
  if (child.pid !== undefined) writeFileSync(file, `${child.pid} ${processStart(child.pid)}\n`);
  return file;
}
