import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { killRemains, signalGroup } from "./process-group.ts";
import { processStart } from "@muster/processes/process-identity.ts";

/** How a process ended; neither is known of one that was not our child. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The leader of a process group in which an agent runs. */
export interface AgentProcess {
  readonly pid: number;
  readonly start: string;
  /** How long it has been up, in milliseconds. */
  upMs(): number;
  /** Set once the process has ended; what it left behind in its group has been killed then. */
  readonly exit: Exit | null;
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly entry: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A file opened for appending: unlike a pipe it outlives us, and so does the process. */
  readonly output: number;
}

/** Starts Node with `entry` in a session of its own. Throws when the system starts no process. */
export async function startAgentProcess(options: StartOptions): Promise<AgentProcess> {
  const child = spawn(process.execPath, [options.entry], {
    cwd: options.folder,
    env: options.environment,
    detached: true,
    stdio: ["ignore", options.output, options.output],
  });
  if (child.pid === undefined) throw (await once(child, "error"))[0];
  const { pid } = child;
  const startedAt = performance.now();
  // Neither the process nor its listeners may keep a server alive that wants to end.
  child.unref();
  return watched({
    pid,
    start: processStart(pid) ?? "",
    upMs: () => performance.now() - startedAt,
    // Until its exit has been collected, nobody else gets its pid.
    isOurs: () => child.exitCode === null && child.signalCode === null,
    exited: new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal }))),
  });
}

/**
 * Takes over a process that an earlier supervisor started, if it still lives; `startedAt` is by the wall clock. What a
 * process left behind that ended before is not touched: its group's number may be another's by now.
 */
export function adoptAgentProcess(
  { pid, start, startedAt }: { pid: number; start: string; startedAt: number },
  watchMs: number,
): AgentProcess {
  const isOurs = () => processStart(pid) === start;
  const unknown: Exit = { code: null, signal: null };
  const upMs = () => Date.now() - startedAt;
  if (!isOurs()) return { pid, start, upMs, exit: unknown, exited: Promise.resolve(unknown), signal: () => {} };
  const ended = async (): Promise<Exit> => {
    while (isOurs()) await sleep(watchMs, undefined, { ref: false });
    return unknown;
  };
  return watched({ pid, start, upMs, isOurs, exited: ended() });
}

interface Watched extends Pick<AgentProcess, "pid" | "start" | "upMs" | "exited"> {
  readonly isOurs: () => boolean;
}

function watched({ isOurs, ...of }: Watched): AgentProcess {
  let exit: Exit | null = null;
  const exited = of.exited.then((how) => {
    killRemains(of.pid);
    return (exit = how);
  });
  return {
    ...of,
    exited,
    get exit() {
      return exit;
    },
    signal(name) {
      if (exit === null && isOurs()) signalGroup(of.pid, name);
    },
  };
}

/** How it ended, as the end of a sentence about it. */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (code !== null) return `exited with code ${code}`;
  return "ended; its exit code is unknown, because an earlier run of Muster had started it";
}

/**
 * Ends a process and its whole group: it has `patienceMs` to go by itself (cut short by `hurry`), `graceMs` after SIGTERM,
 * and then gets SIGKILL. Resolves when it is gone.
 */
export async function endAgentProcess(
  process: AgentProcess,
  { patienceMs, graceMs, hurry }: { patienceMs: number; graceMs: number; hurry?: AbortSignal },
): Promise<Exit> {
  const within = async (ms: number, signal?: AbortSignal) => {
    const timer = new AbortController();
    const signals = signal ? [timer.signal, signal] : [timer.signal];
    const over = sleep(ms, null, { signal: AbortSignal.any(signals) }).catch(() => null);
    const exit = await Promise.race([process.exited, over]);
    timer.abort();
    return exit;
  };
  const wentByItself = await within(patienceMs, hurry);
  if (wentByItself) return wentByItself;
  process.signal("SIGTERM");
  const gaveIn = await within(graceMs);
  if (gaveIn) return gaveIn;
  process.signal("SIGKILL");
  return process.exited;
}
