/**
 * connecting: the first connection is not made yet; live; reconnecting: lost a moment ago, or between attempts; offline: several
 * attempts in a row have failed (they go on), or the client was closed or refused.
 */
export type Status = "connecting" | "live" | "reconnecting" | "offline";

/** After so many failed attempts in a row a connection counts as offline. */
export const OFFLINE_AFTER_FAILURES = 4;

export interface StatusValue {
  readonly current: Status;
  set(status: Status): void;
  /** Calls the listener at each change; returns the function that ends this. */
  listen(listener: (status: Status) => void): () => void;
}

export function createStatus(): StatusValue {
  let current: Status = "connecting";
  const listeners = new Set<(status: Status) => void>();
  return {
    get current() {
      return current;
    },
    set(status) {
      if (status === current) return;
      current = status;
      for (const listener of listeners) listener(status);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
