import { delay } from "@muster/client/retry.ts";
import type { Stopper } from "./stopper.ts";
import type { TaskRunner } from "./task-runner.ts";

/** How long aborted handlers may take to clean up. */
const ABORT_GRACE_MS = 300;

/** Ends the running tasks as the requested stop demands, which may become more urgent meanwhile. Nothing new may be accepted. */
export async function endTasks(
  runner: Pick<TaskRunner, "idle" | "dropOffers" | "abortAll" | "abandon">,
  stopper: Stopper,
  drainMs: number,
): Promise<void> {
  runner.dropOffers();
  const stop = stopper.current;
  if (stop?.urgency === "deadline") {
    const settled = new AbortController();
    const late = delay(drainMs, settled.signal).catch(() => {});
    const idle = runner.idle().then(() => "idle" as const);
    const first = await Promise.race([idle, stopper.after(stop), late]);
    settled.abort();
    if (first === "idle") return;
  }
  runner.abortAll(stopper.current?.cause ?? "shutdown");
  await Promise.race([runner.idle(), delay(ABORT_GRACE_MS)]);
  await runner.abandon();
}
