import type { WebhookSettings } from "./webhook-settings.ts";

type Delays = Pick<WebhookSettings, "firstRetryMs" | "longestRetryMs">;

const FACTOR = 3;
/** After a failure of one delivery the webhook's others do not wait longer than this. */
const LONGEST_GATE_MS = 30_000;

/**
 * How long a delivery waits after its `failures`-th failed attempt: exponential backoff with full jitter, anything from
 * nothing to the longest wait (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter). By default twelve
 * attempts take two hours on average, four at most.
 */
export function deliveryDelayMs({ firstRetryMs, longestRetryMs }: Delays, failures: number): number {
  return Math.random() * Math.min(longestRetryMs, firstRetryMs * FACTOR ** (failures - 1));
}

/** How long nothing is sent to a webhook whose last `failures` attempts, of whichever deliveries, failed. */
export function webhookDelayMs(delays: Delays, failures: number): number {
  const longestRetryMs = Math.min(delays.longestRetryMs, LONGEST_GATE_MS);
  return deliveryDelayMs({ ...delays, longestRetryMs }, failures);
}
