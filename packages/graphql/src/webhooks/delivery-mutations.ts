import { Conflict } from "@muster/domain/errors.ts";
import { retryWebhookDelivery, skipWebhookDelivery } from "@muster/operations/webhooks/retry-or-skip-delivery.ts";
import { testWebhook } from "@muster/operations/webhooks/test-webhook.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { WebhookDeliveryType } from "./webhook-delivery.ts";

mutation("testWebhook", {
  permission: "webhook.manage",
  description:
    "Sends a signed muster.test now, also while the webhook is paused, and answers with how that went: state, lastStatus, lastError, durationMs.",
  input: builder.inputType("TestWebhookInput", {
    description: "A webhook to test.",
    fields: (t) => ({ webhookId: t.id({ required: true, description: "The webhook." }) }),
  }),
  success: successOf("testWebhook", WebhookDeliveryType),
  resolve: async ({ webhookId }, { runtime, caller }) => ({
    data: await testWebhook(runtime, caller, { webhookId: uuidOf("webhook", webhookId) }),
  }),
});

mutation("retryWebhookDelivery", {
  permission: "webhook.manage",
  description:
    "Sends a delivery now: one that waits is due at once; one that has ended is sent again as a new delivery, which is the answer.",
  input: builder.inputType("RetryWebhookDeliveryInput", {
    description: "A delivery to send now.",
    fields: (t) => ({ deliveryId: t.id({ required: true, description: "The delivery." }) }),
  }),
  success: successOf("retryWebhookDelivery", WebhookDeliveryType),
  errors: [Conflict],
  resolve: async ({ deliveryId }, { runtime, caller }) => ({
    data: await retryWebhookDelivery(runtime, caller, { deliveryId: uuidOf("webhookDelivery", deliveryId) }),
  }),
});

mutation("skipWebhookDelivery", {
  permission: "webhook.manage",
  description: "Gives up a delivery that waits, so that what comes after it for the same subject is sent.",
  input: builder.inputType("SkipWebhookDeliveryInput", {
    description: "A delivery to give up.",
    fields: (t) => ({
      deliveryId: t.id({ required: true, description: "The delivery." }),
      reason: t.string({ required: true, description: "Why, for people." }),
    }),
  }),
  success: successOf("skipWebhookDelivery", WebhookDeliveryType),
  errors: [Conflict],
  resolve: async ({ deliveryId, reason }, { runtime, caller }) => ({
    data: await skipWebhookDelivery(runtime, caller, { deliveryId: uuidOf("webhookDelivery", deliveryId), reason }),
  }),
});
