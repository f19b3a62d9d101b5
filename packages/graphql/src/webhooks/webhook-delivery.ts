import { formatSubjectId } from "@muster/domain/event-subject.ts";
import type { WebhookDeliveryState } from "@muster/domain/webhook-lifecycle.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { getEvents } from "@muster/operations/events/event-queries.ts";
import { getWebhookDeliveries } from "@muster/operations/webhooks/delivery-queries.ts";
import type { WebhookDelivery } from "@muster/operations/webhooks/delivery.ts";
import { builder } from "../builder.ts";
import { EventInterface } from "../events/event.ts";
import { loadedById } from "../loading.ts";
import { nestedField } from "../nested-list.ts";
import { WebhookType } from "./webhook.ts";

export const WebhookDeliveryStateEnum = builder.enumType("WebhookDeliveryState", {
  description: "How a delivery stands.",
  values: {
    PENDING: { description: "It waits to be sent, is under way, or is tried again." },
    SUCCEEDED: { description: "It was answered with a status from 200 to 299." },
    FAILED: { description: "A test that did not succeed. Deliveries of events are tried again instead." },
    SKIPPED: { description: "An operator gave it up, or replayed the webhook from another place." },
  } satisfies Record<WebhookDeliveryState, { description: string }>,
});

export const WebhookDeliveryType = builder.loadableNodeRef<WebhookDelivery>("WebhookDelivery", {
  id: { resolve: (delivery) => delivery.id, description: "Its id, whd_…: the header webhook-id of each attempt." },
  load: (ids, { runtime, caller }) => getWebhookDeliveries(runtime, caller, ids),
  ...loadedById,
});

const eventOf = nestedField(async ({ runtime, caller }, ids): Promise<ReadonlyMap<string, LoggedEvent | null>> => {
  const events = new Map((await getEvents(runtime, caller, ids)).map((event) => [event.id, event]));
  return new Map(ids.map((id) => [id, events.get(id) ?? null]));
});

WebhookDeliveryType.implement({
  permission: "webhook.read",
  description: "One event for one webhook: what is sent, and how that went.",
  fields: (t) => ({
    webhook: t.field({
      type: WebhookType,
      description: "The webhook.",
      resolve: (delivery) => delivery.webhookId,
    }),
    event: t.field({
      type: EventInterface,
      nullable: true,
      description: "The event; null for a test or notice, and once the log no longer has it.",
      resolve: (delivery, _arguments, context) =>
        delivery.eventId === null ? null : (eventOf(delivery.eventId, {}, context) as never),
    }),
    type: t.exposeString("type", {
      description:
        "The event's type; muster.test for a test, muster.resync_required for the notice that events are missing.",
    }),
    subjectId: t.id({
      nullable: true,
      description: "What the event is about. Deliveries of one subject are sent one after the other.",
      resolve: ({ eventId, type, subjectId }) => (eventId === null ? null : formatSubjectId(type, subjectId)),
    }),
    state: t.field({
      type: WebhookDeliveryStateEnum,
      description: "How it stands.",
      resolve: (delivery) => delivery.state,
    }),
    attempts: t.exposeInt("attempts", { description: "How often it was sent." }),
    lastStatus: t.exposeInt("lastStatus", { nullable: true, description: "The HTTP status of the last answer." }),
    lastError: t.exposeString("lastError", { nullable: true, description: "Why the last attempt failed." }),
    responseExcerpt: t.exposeString("responseExcerpt", {
      nullable: true,
      description: "The first 2 KiB of the last answer's body.",
    }),
    durationMs: t.exposeInt("durationMs", {
      nullable: true,
      description: "How long the last attempt took, in milliseconds.",
    }),
    skipReason: t.exposeString("skipReason", { nullable: true, description: "Why it was skipped." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was queued.",
      resolve: (delivery) => delivery.createdAt,
    }),
    lastAttemptAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the last attempt began.",
      resolve: (delivery) => delivery.lastAttemptAt,
    }),
    nextAttemptAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the next attempt is due; null when it has ended.",
      resolve: ({ finishedAt, nextAttemptAt }) => (finishedAt === null ? nextAttemptAt : null),
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: (delivery) => delivery.finishedAt,
    }),
    body: t.exposeString("body", { description: "Exactly what is sent, as JSON text." }),
  }),
});
