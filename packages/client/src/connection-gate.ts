import { type BackoffOptions, createBackoff, delay } from "./retry.ts";

export interface ConnectionGate {
  /** Failed rounds in a row. */
  readonly failures: number;
  /** Resolves, when the next attempt may begin, with the number of its round. @throws the signal's reason */
  pass(signal: AbortSignal): Promise<number>;
  /**
   * A connection of this round could not be made, or was lost: the next round waits, and longer when the server is
   * overloaded. What fails together counts once.
   */
  failed(round: number, overloaded: boolean): void;
  /** A connection of this round stands. Only what lasts ends the count: a server that accepts and drops is not hammered. */
  succeeded(round: number): void;
  close(): void;
}

/** A lost socket can report an error and then its close: both must have arrived before the next attempt begins. */
const SETTLE_MS = 20;

/** One wait for everything that goes to the same server, so that a hundred subscriptions do not make a hundred attempts. */
export function createConnectionGate(options: BackoffOptions, stableAfterMs = 5_000): ConnectionGate {
  const backoff = createBackoff(options);
  let round = 1;
  let opensAt = 0;
  let stable: ReturnType<typeof setTimeout> | undefined;
  return {
    get failures() {
      return backoff.failures;
    },
    async pass(signal) {
      await delay(Math.max(0, opensAt - performance.now()), signal);
      return round;
    },
    failed(failedRound, overloaded) {
      if (failedRound !== round) return;
      clearTimeout(stable);
      round += 1;
      opensAt = performance.now() + SETTLE_MS + backoff.next(overloaded);
    },
    succeeded(standingRound) {
      if (standingRound !== round) return;
      clearTimeout(stable);
      stable = setTimeout(() => backoff.reset(), stableAfterMs);
    },
    close() {
      clearTimeout(stable);
    },
  };
}
