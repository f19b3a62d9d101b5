import type { Feed } from "@muster/events/feed.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { queueDeliveries } from "@muster/operations/webhooks/queue-deliveries.ts";
import { removeOldDeliveries } from "@muster/operations/webhooks/remove-old-deliveries.ts";
import { startLoop } from "@muster/operations/webhooks/wakeable-loop.ts";
import { WebhookSender } from "@muster/operations/webhooks/webhook-sender.ts";
import type { Logger } from "pino";
import { type Repeating, repeat } from "./repeat.ts";

const POLL_MS = 1_000;
const REMOVAL_MS = 60_000;
/** Servers that are woken by the same event do not all look at once: the first one does the work, the others find it done. */
const GAP_MS = 20;
const SPREAD_MS = 40;

/** Everything that webhooks need running in a server process: queueing what happens, sending it, forgetting what was sent. */
export function startWebhooks(runtime: Runtime, feed: Feed, log: Logger): Repeating {
  const onError = (error: Error) =>
    log.warn({ err: error, loop: "webhooks" }, "webhooks could not go on; they try again");
  const sender = new WebhookSender(runtime, onError);
  const queue = startLoop({
    everyMs: POLL_MS,
    gapMs: () => GAP_MS + Math.random() * SPREAD_MS,
    onError,
    async work() {
      const { installation, position } = feed.tail;
      const unfinished = await queueDeliveries(
        runtime,
        { installation, snapshot: position.snapshot },
        feed.sizes,
        onError,
      );
      sender.wake();
      if (unfinished) queue.wake();
    },
  });
  const stopListening = feed.onEvents(null, () => queue.wake());
  const removal = repeat("webhook deliveries", REMOVAL_MS, log, () => removeOldDeliveries(runtime));
  return {
    async stop() {
      stopListening();
      await Promise.all([queue.stop(), removal.stop()]);
      await sender.stop();
    },
  };
}
