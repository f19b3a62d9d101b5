import { type BackoffOptions, createBackoff } from "./retry.ts";

export interface ConnectionGate {
  /** Failed connection attempts in a row. */
  readonly failures: number;
  /** Resolves when the next attempt may begin; never, once closed. */
  pass(): Promise<void>;
  /** The connection could not be made, or was lost: the next one waits. */
  failed(): void;
  /** The connection stands. Only one that lasts ends the count: a server that accepts and drops is not hammered. */
  succeeded(): void;
  close(): void;
}

/** A lost socket can report an error and then its close: both must have arrived before the next attempt begins. */
const SETTLE_MS = 20;

/** One wait for everything that shares a connection, so that a hundred subscriptions do not make a hundred attempts. */
export function createConnectionGate(options: BackoffOptions, stableAfterMs = 5_000): ConnectionGate {
  const backoff = createBackoff(options);
  let opensAt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stable: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  return {
    get failures() {
      return backoff.failures;
    },
    pass() {
      return new Promise((resolve) => {
        if (!closed) waiting = setTimeout(resolve, Math.max(0, opensAt - performance.now()));
      });
    },
    failed() {
      clearTimeout(stable);
      opensAt = performance.now() + SETTLE_MS + backoff.next();
    },
    succeeded() {
      clearTimeout(stable);
      stable = setTimeout(() => backoff.reset(), stableAfterMs);
    },
    close() {
      closed = true;
      clearTimeout(waiting);
      clearTimeout(stable);
    },
  };
}
