import type { WebhookDeliveryState, WebhookState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state of a webhook looks. */
export const WEBHOOK_STATES: Readonly<Record<WebhookState, StateLook>> = {
  ACTIVE: { word: "Active", colour: "var(--color-online)", shape: SHAPES.disc },
  PAUSED: { word: "Paused", colour: "var(--color-suspended)", shape: SHAPES.pause },
};

/** How each state of a delivery looks. */
export const DELIVERY_STATES: Readonly<Record<WebhookDeliveryState, StateLook>> = {
  PENDING: { word: "Pending", colour: "var(--color-busy)", shape: SHAPES.dashed },
  SUCCEEDED: { word: "Succeeded", colour: "var(--color-online)", shape: SHAPES.check },
  FAILED: { word: "Failed", colour: "var(--color-error)", shape: SHAPES.cross },
  SKIPPED: { word: "Skipped", colour: "var(--color-offline)", shape: SHAPES.dash },
};

/** One that waits for another attempt looks like trouble, not like news. */
const RETRYING: StateLook = { word: "Retrying", colour: "var(--color-unresponsive)", shape: SHAPES.triangle };

interface Delivery {
  readonly state: WebhookDeliveryState;
  readonly lastError: string | null;
}

/** How a delivery looks: one that is pending and has failed before is told apart. */
export function deliveryLook({ state, lastError }: Delivery): StateLook {
  return state === "PENDING" && lastError !== null ? RETRYING : DELIVERY_STATES[state];
}
