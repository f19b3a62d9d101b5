import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { aborted } from "./aborted.ts";
import { capitalised, type Run } from "./keep-running.ts";
import { LauncherError } from "./launcher-error.ts";
import { recordProcess } from "./process-record.ts";
import { lastProblem } from "./server-log.ts";
import type { StopSignals } from "./stop-signals.ts";

export interface ProcessOptions {
  /** What people call it: "the server". */
  readonly name: string;
  /** Under what it is noted for a later launcher: "server". */
  readonly record: string;
  /** The program, a path. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly log: { readonly descriptor: number; readonly path: string };
  readonly signals: StopSignals;
}

/** A process that can be used, and what it said when that began. */
export interface ProcessRun<Ready> extends Run {
  readonly ready: Ready;
}

const READY_MS = 120_000;
const STOP_MS = 30_000;
const HURRY_MS = 3_000;

/**
 * Starts a program of ours in a session of its own (the terminal's Ctrl-C is for us, who stop it in order) and waits until
 * it says that it is ready. It has a channel to us, which closes when we die. Throws a `LauncherError` that quotes the log
 * when it ends before.
 */
export async function startProcess<Ready extends { readonly type: "ready" }>(
  options: ProcessOptions,
): Promise<ProcessRun<Ready>> {
  const { name, record, log, signals } = options;
  const logged = statSync(log.path).size;
  const child = spawn(process.execPath, [options.entry], {
    detached: true,
    env: options.environment,
    stdio: ["ignore", log.descriptor, log.descriptor, "ipc"],
  });
  // Without a listener an IPC write to a process that just died would end us.
  child.on("error", () => {});
  const forget = child.pid === undefined ? () => {} : recordProcess(options.dataDir, record, child.pid);
  const exited = once(child, "exit").then(([code, signal]) => {
    forget();
    return signal ? String(signal) : `exit code ${code}`;
  });
  const stop = () => stopProcess(child, exited, signals.hurry);

  const outcome = await Promise.race([
    whenReady<Ready>(child),
    exited.then((how) => `ended before it was ready (${how})`),
    sleep(READY_MS, `was not ready after ${READY_MS / 1000} s`, { ref: false }),
    aborted(signals.stop).then(() => "was interrupted"),
  ]);
  if (typeof outcome !== "string") return { ready: outcome, exited, stop };
  await stop();
  const problem = lastProblem(log.path, logged, child.pid);
  throw new LauncherError(`${capitalised(name)} ${outcome}${problem ? `: ${problem}` : ""} (log: ${log.path})`);
}

async function stopProcess(child: ChildProcess, exited: Promise<string>, hurry: AbortSignal): Promise<void> {
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

function whenReady<Ready extends { readonly type: "ready" }>(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      if ((message as { type?: unknown } | null)?.type === "ready") resolve(message as Ready);
    });
  });
}
