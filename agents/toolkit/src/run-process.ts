import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "./child-environment.ts";
import { ProcessTimedOut, ProgramMissing, ToolFailed } from "./errors.ts";
import { OutputTail } from "./output-tail.ts";

export interface ProcessOptions {
  /** Working folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Variables in addition to the agent's own (see childEnvironment). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Text for standard input; it is empty by default. */
  readonly input?: string;
  /** Bytes kept of each output, from its end. Default 4 MiB. */
  readonly outputLimit?: number;
  /** Ends the process when the agent itself is killed: for foreign code, which may never end by itself. */
  readonly endWithAgent?: boolean;
}

export interface ProcessResult {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** An output was longer than the limit: its beginning is missing. */
  readonly truncated: boolean;
}

const guard = fileURLToPath(new URL("process-guard.ts", import.meta.url));
const defaultOutputLimit = 4 * 1024 * 1024;
const killAfterMs = 2_000;
const drainMs = 1_000;

/**
 * Runs a program to its end, whatever its exit code, in a process group of its own. When the signal is aborted or the time
 * is over, the whole group gets SIGTERM, and SIGKILL two seconds later; what outlives the program itself is killed too.
 *
 * @throws the signal's reason, ProcessTimedOut, or ProgramMissing
 */
export async function runProcess(
  program: string,
  parameters: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  options.signal.throwIfAborted();
  const guarded = options.endWithAgent === true;
  const child = spawn(guarded ? process.execPath : program, guarded ? [guard, program, ...parameters] : parameters, {
    cwd: options.folder,
    env: childEnvironment(options.environment),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const limit = options.outputLimit ?? defaultOutputLimit;
  const stdout = new OutputTail(child.stdout, limit);
  const stderr = new OutputTail(child.stderr, limit);
  child.stdin.on("error", () => {}); // a program may end without reading its input
  if (!guarded) child.stdin.end(options.input ?? "");

  const { exitCode, timedOut } = await ended(child, program, options);
  options.signal.throwIfAborted();
  if (timedOut) throw new ProcessTimedOut(basename(program), options.timeoutMs);
  return {
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
  };
}

function ended(
  child: ChildProcess,
  program: string,
  { signal, timeoutMs, folder }: ProcessOptions,
): Promise<{ exitCode: number | null; timedOut: boolean }> {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    let kill: NodeJS.Timeout | undefined;
    let drain: NodeJS.Timeout | undefined;
    const stop = () => {
      signalGroup(child, "SIGTERM");
      kill ??= setTimeout(() => signalGroup(child, "SIGKILL"), killAfterMs);
    };
    const limit = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
    const tidy = () => {
      for (const timer of [limit, kill, drain]) clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", (error: NodeJS.ErrnoException) => {
      tidy();
      const missing = error.code === "ENOENT" && existsSync(folder);
      reject(missing ? new ProgramMissing(program) : new ToolFailed(program, error.message));
    });
    child.once("exit", () => {
      signalGroup(child, "SIGKILL");
      // A process that left the group may hold the pipes open for ever.
      drain = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
    });
    child.once("close", (exitCode) => {
      tidy();
      child.stdin?.destroy();
      resolve({ exitCode, timedOut });
    });
  });
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // ESRCH: the group has ended. EPERM: on macOS, all that is left of it are zombies.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
