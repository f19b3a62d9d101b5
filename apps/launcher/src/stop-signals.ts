export interface StopSignals {
  /** Aborted when the person (or the system) asks us to stop. */
  readonly stop: AbortSignal;
  /** Aborted when they ask again. */
  readonly hurry: AbortSignal;
}

/** `npm` passes on the signal that the terminal has sent to us already; what follows this soon is the same request. */
const SAME_REQUEST_MS = 500;

export function listenForStopSignals(): StopSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  let askedAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        askedAt = performance.now();
        stop.abort();
      } else if (performance.now() - askedAt > SAME_REQUEST_MS) {
        hurry.abort();
      }
    });
  }
  return { stop: stop.signal, hurry: hurry.signal };
}
