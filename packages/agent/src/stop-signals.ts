import type { Stopper } from "./stopper.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** The first SIGTERM or SIGINT stops within the drain time, another one at once. Returns the function that ends listening. */
export function stopOnProcessSignals(stopper: Stopper): () => void {
  const onSignal = (name: NodeJS.Signals) => {
    stopper.request({ urgency: stopper.current ? "now" : "deadline", cause: "shutdown", why: `${name} was received.` });
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return () => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
}

/** As SIGTERM does, for an agent that runs inside another program. */
export function stopOnAbort(stopper: Stopper, signal: AbortSignal): () => void {
  const onAbort = () =>
    stopper.request({ urgency: "deadline", cause: "shutdown", why: "The program asked it to stop." });
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}
