import { WEBHOOK_DELIVERY_STATES } from "@muster/domain/webhook-lifecycle.ts";
import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { webhooks } from "./webhooks.ts";

/** One event, or a notice of Muster's own, for one webhook: what is sent, and how that went. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: uuid("id").primaryKey(),
    /** The order in which they were queued; a webhook's own rise in the order of the feed. */
    number: bigint("number", { mode: "bigint" }).notNull().generatedAlwaysAsIdentity(),
    webhookId: uuid("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    /** null for what is no event: tests and notices. */
    eventId: bigint("event_id", { mode: "bigint" }),
    type: text("type").notNull(),
    /** Deliveries of one subject are sent one after the other. The webhook's own id for what is no event. */
    subjectId: uuid("subject_id").notNull(),
    /** Exactly the bytes that are signed and sent, at each attempt. */
    body: text("body").notNull(),
    state: text("state", { enum: WEBHOOK_DELIVERY_STATES }).notNull().default("PENDING"),
    /** The fence: rises with each attempt. */
    attempts: integer("attempts").notNull().default(0),
    /** Failed attempts since it was queued, retried or its webhook resumed: what the backoff counts. */
    failures: integer("failures").notNull().default(0),
    nextAttemptAt: moment("next_attempt_at").notNull().default(clock),
    /** Until then the attempt that is under way may take. */
    leaseUntil: moment("lease_until"),
    lastAttemptAt: moment("last_attempt_at"),
    lastStatus: integer("last_status"),
    lastError: text("last_error"),
    /** The beginning of the last answer's body. */
    responseExcerpt: text("response_excerpt"),
    durationMs: integer("duration_ms"),
    skipReason: text("skip_reason"),
    createdAt: moment("created_at").notNull().default(clock),
    finishedAt: moment("finished_at"),
  },
  (table) => [
    oneOf("webhook_deliveries_state_check", table.state, WEBHOOK_DELIVERY_STATES),
    index("webhook_deliveries_webhook_id_number_index").on(table.webhookId, table.number),
    index("webhook_deliveries_webhook_id_state_number_index").on(table.webhookId, table.state, table.number),
    // The queue: the oldest of each subject is the next to be sent.
    index("webhook_deliveries_pending_index")
      .on(table.webhookId, table.subjectId, table.number)
      .where(sql`state = 'PENDING'`),
    // What is under way: few, among all that waits.
    index("webhook_deliveries_leased_index")
      .on(table.webhookId)
      .where(sql`lease_until is not null`),
    // What is old enough to be forgotten.
    index("webhook_deliveries_finished_at_index")
      .on(table.finishedAt)
      .where(sql`finished_at is not null`),
  ],
);
