import { BlockList } from "node:net";

/** What an operator of Muster can set about webhooks. Times in milliseconds. */
export interface WebhookSettings {
  /** Networks that are reached although their addresses are special, also by plain http. */
  readonly allowedNetworks: BlockList;
  /** How often it is looked for deliveries that are due, besides when something is queued or has ended. */
  readonly pollMs: number;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number;
  /** How long a server may be silent about an attempt before another one repeats it: longer than it may take. */
  readonly leaseMs: number;
  /** The longest wait after the first failure; it triples with each one, to `longestRetryMs`. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** A webhook is paused when one delivery has failed so often. */
  readonly attempts: number;
}

export const DEFAULT_WEBHOOK_SETTINGS: WebhookSettings = {
  allowedNetworks: new BlockList(),
  pollMs: 1_000,
  timeoutMs: 10_000,
  leaseMs: 15_000,
  firstRetryMs: 1_000,
  longestRetryMs: 3_600_000,
  attempts: 12,
};
