import { setTimeout as sleep } from "node:timers/promises";
import { LauncherError } from "./launcher-error.ts";

/** One run of a program. */
export interface Run {
  /** Resolves when it has ended, with how: "exit code 1", "SIGKILL". */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface KeepRunningOptions<Running extends Run> {
  /** What people call it: "the server". */
  readonly name: string;
  /** Resolves when it is ready to be used. */
  start(): Promise<Running>;
  say(line: string): void;
  /** Where to look when it keeps dying. */
  readonly logFile: string;
  /** Whether it is worth starting again for ever, because others do the same work meanwhile. */
  isDispensable?(): boolean;
  readonly timing?: { firstDelayMs: number; longestDelayMs: number; stableMs: number };
}

export interface KeptRunning<Running extends Run> {
  /** The first run. */
  readonly first: Running;
  /** Resolves after `stop`; rejects with a `LauncherError` when it died so often that restarting is pointless. */
  readonly ended: Promise<void>;
  /** Whether there is a run now. */
  isRunning(): boolean;
  /** Stops the present run and begins the next at once. */
  restart(): Promise<void>;
  /** Stops it for good. */
  stop(): Promise<void>;
}

const TIMING = { firstDelayMs: 500, longestDelayMs: 15_000, stableMs: 60_000 };
const MOST_FAILURES = 5;

/**
 * Starts a program and starts it again whenever it ends by itself, after a pause that doubles with each quick end.
 * Rejects when the very first start fails.
 */
export async function keepRunning<Running extends Run>(
  options: KeepRunningOptions<Running>,
): Promise<KeptRunning<Running>> {
  const { name, say, timing = TIMING } = options;
  const stopped = new AbortController();
  const first = await options.start();
  let current: Running | null = first;
  let wanted = false;

  const watched = watch();
  // Also rejects when nobody has begun to listen yet.
  watched.catch(() => {});
  return {
    first,
    ended: watched,
    isRunning: () => current !== null,
    async restart() {
      wanted = true;
      await current?.stop();
    },
    async stop() {
      stopped.abort();
      await current?.stop();
      await watched.catch(() => {});
    },
  };

  async function watch(): Promise<void> {
    for (let failures = 0; ;) {
      const begunAt = performance.now();
      const how = current ? await current.exited : "it did not start";
      current = null;
      if (stopped.signal.aborted) return;
      if (wanted) {
        wanted = false;
        failures = 0;
      } else {
        failures = performance.now() - begunAt > timing.stableMs ? 1 : failures + 1;
        if (failures > MOST_FAILURES && !options.isDispensable?.()) {
          throw new LauncherError(
            `${capitalised(name)} ended ${failures} times in a row (${how}): see ${options.logFile}.`,
          );
        }
        const delay = Math.min(timing.firstDelayMs * 2 ** (failures - 1), timing.longestDelayMs);
        say(`${capitalised(name)} ended (${how}); starting it again in ${delay / 1000} s.`);
        await sleep(delay, undefined, { signal: stopped.signal }).catch(() => {});
      }
      if (stopped.signal.aborted) return;
      try {
        current = await options.start();
        say(`${capitalised(name)} runs again.`);
      } catch (error) {
        if (!stopped.signal.aborted) say(error instanceof Error ? error.message : String(error));
      }
      // The request to stop may have come while it was starting.
      if (stopped.signal.aborted) await (current as Running | null)?.stop();
    }
  }
}

/** As a sentence begins. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
