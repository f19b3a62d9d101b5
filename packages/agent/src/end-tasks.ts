import { delay } from "@muster/client/retry.ts";
import type { Stopper } from "./stopper.ts";
import type { TaskRunner } from "./task-runner.ts";

/** How long aborted handlers may take to clean up. */
const ABORT_GRACE_MS = 300;

/**
 * Ends the running tasks as the requested stop demands, which may become more urgent meanwhile. While it only drains, work that
 * the server still hands out is done; otherwise `refuseWork` is called first.
 */
export async function endTasks(
  runner: Pick<TaskRunner, "idle" | "dropOffers" | "abortAll" | "abandon">,
  stopper: Stopper,
  drainMs: number,
  refuseWork: () => void,
): Promise<void> {
  for (;;) {
    const stop = stopper.current;
    if (stop?.urgency !== "drain") {
      refuseWork();
      runner.dropOffers();
    }
    if (!stop || stop.urgency === "now" || stop.urgency === "discard") break;
    const settled = new AbortController();
    const ends = [runner.idle().then(() => "idle"), stopper.after(stop).then(() => "escalated")];
    if (stop.urgency === "deadline")
      ends.push(
        delay(drainMs, settled.signal).then(
          () => "late",
          () => "settled",
        ),
      );
    const first = await Promise.race(ends);
    settled.abort();
    if (first === "idle") return;
    if (first === "late") stopper.request({ ...stop, urgency: "now" });
  }
  runner.abortAll(stopper.current?.cause ?? "shutdown");
  await Promise.race([runner.idle(), delay(ABORT_GRACE_MS)]);
  await runner.abandon();
}
