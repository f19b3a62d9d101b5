import type { Lifecycle } from "./lifecycle.ts";

export const WEBHOOK_STATES = ["ACTIVE", "PAUSED"] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

export const WEBHOOK_ACTIONS = ["PAUSE", "RESUME"] as const;
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number];

export type WebhookTrigger = "operator" | "system";

export const webhookLifecycle: Lifecycle<WebhookState, WebhookAction, WebhookTrigger> = {
  name: "webhook",
  states: WEBHOOK_STATES,
  actions: WEBHOOK_ACTIONS,
  initial: ["ACTIVE"],
  rules: [
    {
      action: "PAUSE",
      firedBy: ["operator", "system"],
      from: ["ACTIVE"],
      to: "PAUSED",
      note: "by the system after repeated failure; what is undelivered waits",
    },
    { action: "RESUME", firedBy: ["operator"], from: ["PAUSED"], to: "ACTIVE", note: "goes on where it stopped" },
  ],
};

/**
 * How a delivery stands. An event's delivery stays PENDING until it succeeds or an operator skips it: only a test, which
 * is sent once, can be FAILED.
 */
export const WEBHOOK_DELIVERY_STATES = ["PENDING", "SUCCEEDED", "FAILED", "SKIPPED"] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];
