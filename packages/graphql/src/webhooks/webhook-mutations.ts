import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { createWebhook } from "@muster/operations/webhooks/create-webhook.ts";
import { deleteWebhook } from "@muster/operations/webhooks/delete-webhook.ts";
import { pauseWebhook, resumeWebhook } from "@muster/operations/webhooks/move-webhook.ts";
import { replayWebhook } from "@muster/operations/webhooks/replay-webhook.ts";
import { rotateWebhookSecret } from "@muster/operations/webhooks/rotate-webhook-secret.ts";
import { updateWebhook } from "@muster/operations/webhooks/update-webhook.ts";
import type { Webhook } from "@muster/operations/webhooks/webhook.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { WebhookFilterInput, WebhookType } from "./webhook.ts";

const SECRET = "What its deliveries are signed with (whsec_…): shown this once.";

function secretSuccess(name: string, description: string) {
  return builder.objectRef<{ data: Webhook; secret: string }>(name).implement({
    description,
    fields: (t) => ({
      data: t.field({ type: WebhookType, description: "The webhook.", resolve: ({ data }) => data }),
      secret: t.exposeString("secret", { description: SECRET }),
    }),
  });
}

/** Filters are checked with the rest, where the answer says what is wrong. */
function filterOf(filter: typeof WebhookFilterInput.$inferInput | null | undefined) {
  return filter as never;
}

const URL_RULES =
  "An https:// address. Private and special addresses, and plain http, are refused unless their network is in MUSTER_WEBHOOK_ALLOWED_NETWORKS.";

mutation("createWebhook", {
  permission: "webhook.manage",
  description: "Makes a webhook: it is sent the project's events from now on.",
  input: builder.inputType("CreateWebhookInput", {
    description: "A new webhook.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      name: t.string({ required: true, description: "Its name, unique in the project: up to 200 characters." }),
      url: t.string({ required: true, description: URL_RULES }),
      filter: t.field({ type: WebhookFilterInput, description: "Which events; all without it." }),
    }),
  }),
  success: secretSuccess("CreateWebhookSuccess", "The webhook was made."),
  errors: [LimitExceeded],
  resolve: async ({ projectId, filter, ...input }, { runtime, caller }) => {
    const { webhook, secret } = await createWebhook(runtime, caller, {
      ...input,
      projectId: uuidOf("project", projectId),
      filter: filterOf(filter),
    });
    return { data: webhook, secret };
  },
});

mutation("updateWebhook", {
  permission: "webhook.manage",
  description: "Changes what is given of a webhook and leaves the rest.",
  input: builder.inputType("UpdateWebhookInput", {
    description: "What to change of a webhook.",
    fields: (t) => ({
      webhookId: t.id({ required: true, description: "The webhook." }),
      name: t.string({ description: "Its new name." }),
      url: t.string({ description: URL_RULES }),
      filter: t.field({
        type: WebhookFilterInput,
        description: "The whole new filter ({} for all events): for the events that are not queued yet.",
      }),
      expectedVersion: t.int({ description: "Refused unless this is its version." }),
    }),
  }),
  success: successOf("updateWebhook", WebhookType),
  errors: [Conflict],
  resolve: async ({ webhookId, filter, ...input }, { runtime, caller }) => ({
    data: await updateWebhook(runtime, caller, {
      ...input,
      webhookId: uuidOf("webhook", webhookId),
      filter: filterOf(filter),
    }),
  }),
});

function reasonInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({
      webhookId: t.id({ required: true, description: "The webhook." }),
      reason: t.string({ required: true, description: "Why, for people." }),
    }),
  });
}

mutation("deleteWebhook", {
  permission: "webhook.manage",
  description: "Removes a webhook with the log of its deliveries. Answers with the webhook as it was.",
  input: reasonInput("DeleteWebhookInput", "A webhook to remove."),
  success: successOf("deleteWebhook", WebhookType),
  resolve: async ({ webhookId, reason }, { runtime, caller }) => ({
    data: await deleteWebhook(runtime, caller, { webhookId: uuidOf("webhook", webhookId), reason }),
  }),
});

mutation("pauseWebhook", {
  permission: "webhook.manage",
  description: "Sends nothing more until the webhook is resumed. Its events wait, for as long as the log is kept.",
  input: reasonInput("PauseWebhookInput", "A webhook to pause."),
  success: successOf("pauseWebhook", WebhookType),
  errors: [IllegalTransition],
  resolve: async ({ webhookId, reason }, { runtime, caller }) => ({
    data: await pauseWebhook(runtime, caller, { webhookId: uuidOf("webhook", webhookId), reason }),
  }),
});

mutation("resumeWebhook", {
  permission: "webhook.manage",
  description: "Goes on with what waits, at once, and counts failures anew.",
  input: reasonInput("ResumeWebhookInput", "A webhook to resume."),
  success: successOf("resumeWebhook", WebhookType),
  errors: [IllegalTransition],
  resolve: async ({ webhookId, reason }, { runtime, caller }) => ({
    data: await resumeWebhook(runtime, caller, { webhookId: uuidOf("webhook", webhookId), reason }),
  }),
});

mutation("rotateWebhookSecret", {
  permission: "webhook.manage",
  description: "Gives a webhook a new secret. For 24 hours the one before signs as well.",
  input: builder.inputType("RotateWebhookSecretInput", {
    description: "A webhook whose secret to change.",
    fields: (t) => ({ webhookId: t.id({ required: true, description: "The webhook." }) }),
  }),
  success: secretSuccess("RotateWebhookSecretSuccess", "The webhook has a new secret."),
  resolve: async ({ webhookId }, { runtime, caller }) => {
    const { webhook, secret } = await rotateWebhookSecret(runtime, caller, { webhookId: uuidOf("webhook", webhookId) });
    return { data: webhook, secret };
  },
});

mutation("replayWebhook", {
  permission: "webhook.manage",
  description:
    "Moves a webhook to another place in the feed, back or forth: the events after it are sent as new deliveries. " +
    "What was queued and not delivered is skipped.",
  input: builder.inputType("ReplayWebhookInput", {
    description: "From where a webhook goes on: either after or since.",
    fields: (t) => ({
      webhookId: t.id({ required: true, description: "The webhook." }),
      after: t.string({
        description: "After this cursor: of Project.cursor, of a feed's frame, or of a delivery's body.",
      }),
      since: t.field({ type: "DateTime", description: "With the first event of this time or later." }),
      reason: t.string({ required: true, description: "Why, for people." }),
    }),
  }),
  success: successOf("replayWebhook", WebhookType),
  resolve: async ({ webhookId, ...input }, { runtime, caller }) => ({
    data: await replayWebhook(runtime, caller, { ...input, webhookId: uuidOf("webhook", webhookId) }),
  }),
});
