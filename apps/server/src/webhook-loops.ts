import type { Feed } from "@muster/events/feed.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { queueDeliveries } from "@muster/operations/webhooks/queue-deliveries.ts";
import { removeOldDeliveries } from "@muster/operations/webhooks/remove-old-deliveries.ts";
import { startLoop } from "@muster/operations/wakeable-loop.ts";
import { WebhookSender } from "@muster/operations/webhooks/webhook-sender.ts";
import type { Logger } from "pino";
import { type Repeating, repeat } from "./repeat.ts";

const POLL_MS = 1_000;
/** So often every webhook is looked at, for hints that were lost, and for cursors to move on where nothing happens. */
const SWEEP_MS = 5_000;
const REMOVAL_MS = 60_000;
/** Servers that are woken by the same event do not all look at once: the first one does the work, the others find it done. */
const GAP_MS = 20;
const SPREAD_MS = 40;

/** Everything that webhooks need running in a server process: queueing what happens, sending it, forgetting what was sent. */
export function startWebhooks(runtime: Runtime, feed: Feed, log: Logger): Repeating {
  const onError = (error: Error) =>
    log.warn({ err: error, loop: "webhooks" }, "webhooks could not go on; they try again");
  const sender = new WebhookSender(runtime, onError);
  const looks = new Looks();
  const queue = startLoop({
    everyMs: POLL_MS,
    gapMs: () => GAP_MS + Math.random() * SPREAD_MS,
    onError,
    async work() {
      const { installation, position } = feed.tail;
      const known = { installation, snapshot: position.snapshot };
      const unfinished = await queueDeliveries(runtime, { known, sizes: feed.sizes, onError, ...looks.next() });
      sender.wake();
      if (unfinished) queue.wake();
    },
  });
  const stopListening = feed.onEvents(null, (events) => {
    looks.notice(events);
    queue.wake();
  });
  const removal = repeat("webhook deliveries", REMOVAL_MS, log, () => removeOldDeliveries(runtime));
  return {
    async stop() {
      stopListening();
      await Promise.all([queue.stop(), removal.stop()]);
      await sender.stop();
    },
  };
}

/** Which webhooks to look at: those of projects where something happened, else those that have more to queue, now and then all. */
class Looks {
  #projects = new Set<string>();
  /** Of the look before: what this process had only half read then, or another one was at when it died. */
  #again: ReadonlySet<string> = new Set();
  #sweepAt = 0;

  /** An empty list says that events may have been passed over. */
  notice(events: readonly { readonly projectId: string | null }[]): void {
    if (events.length === 0) this.#sweepAt = 0;
    for (const { projectId } of events) if (projectId !== null) this.#projects.add(projectId);
  }

  next(): { projects?: string[]; begunOnly?: boolean } {
    const projects = [...new Set([...this.#projects, ...this.#again])];
    this.#again = this.#projects;
    this.#projects = new Set();
    if (performance.now() >= this.#sweepAt) {
      this.#sweepAt = performance.now() + SWEEP_MS;
      return {};
    }
    return projects.length > 0 ? { projects } : { begunOnly: true };
  }
}
