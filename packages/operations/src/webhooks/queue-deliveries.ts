import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { decodeCursor } from "@muster/events/cursor.ts";
import type { ReadSizes } from "@muster/events/read-batch.ts";
import { readAfter } from "@muster/events/read-after.ts";
import { covers, type Snapshot } from "@muster/events/snapshot.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { newId } from "../new-id.ts";
import type { Runtime } from "../runtime.ts";
import { eventBody, RESYNC_TYPE, resyncBody } from "./delivery-body.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";
import { logFilterOf } from "./webhook-filter.ts";
import type { Webhook } from "./webhook.ts";

/** From so many on that wait, no more are queued: the log itself is the queue. */
const MOST_PENDING = 1_000;
const ROOM = `(select count(*) from (
  select from webhook_deliveries d where d.webhook_id = w.id and d.state = 'PENDING' limit ${MOST_PENDING}) waiting) < ${MOST_PENDING}`;

const openWebhooks = statement<{ id: string; cursor: string }>(`
  select w.id, w.cursor from webhooks w
  where w.state = 'ACTIVE' and ($1::uuid[] is null or w.project_id = any($1)) and ${ROOM}`);

// Whoever has the row is the only one to read on from its cursor; others leave it alone.
const holdWebhook = statement<Pick<Webhook, "id" | "projectId" | "filter" | "cursor">>(`
  select w.id, w.project_id as "projectId", w.filter, w.cursor from webhooks w
  where w.id = $1 and w.state = 'ACTIVE' and ${ROOM} for no key update skip locked`);

const insertDeliveries = statement<never>(`
  with moved as (update webhooks set cursor = $2 where id = $1)
  insert into webhook_deliveries (id, webhook_id, event_id, type, subject_id, body)
  select d.id, $1, d.event_id, d.type, d.subject_id, d.body
  from unnest($3::uuid[], $4::bigint[], $5::text[], $6::uuid[], $7::text[]) with ordinality d(id, event_id, type, subject_id, body, place)
  order by d.place`);

const resync = statement<never>(`
  with resynced as (update webhooks w set cursor = $8, ${CHANGED} where w.id = $7 and ${inReach("w")} returning w.*),
  notice as (
    insert into webhook_deliveries (id, webhook_id, type, subject_id, body) select $9, id, '${RESYNC_TYPE}', id, $10 from resynced
  ),
  happened as (${webhookEvents("resynced", {
    type: "webhook.resynced",
    payload: "jsonb_build_object('reason', $11::text)",
  })})
  ${appendEvents("happened")}`);

/** Where a process knows the log to be: of one database, everything that the snapshot sees. */
export interface KnownLog {
  readonly installation: string;
  readonly snapshot: Snapshot;
}

/** So many pages are read for one webhook before it is the next one's turn. */
const PAGES_AT_ONCE = 8;

export interface QueueOptions {
  readonly known: KnownLog;
  readonly sizes: ReadSizes;
  /** Only the webhooks of these projects. */
  readonly projects?: readonly string[];
  /** Only those that are in the middle of a batch: there is more for them for certain. */
  readonly begunOnly?: boolean;
  /** Told what goes wrong with one webhook, which holds up no other. */
  readonly onError: (error: Error) => void;
}

/**
 * Queues the deliveries of what has happened after each active webhook's cursor, and moves the cursor with it: each event is
 * queued once, however many processes do it. Leaves out webhooks that have got as far as this process knows the log. Gives
 * whether there is more to queue at once.
 */
export async function queueDeliveries(runtime: Runtime, options: QueueOptions): Promise<boolean> {
  const { known, sizes, projects, begunOnly = false, onError } = options;
  let unfinished = false;
  for (const { id, cursor } of await runtime.database.run(openWebhooks, [projects ?? null])) {
    const at = decodeCursor(cursor);
    const begun = at !== null && at.place.page !== null;
    const reached = at?.installation === known.installation && !begun && covers(at.place.snapshot, known.snapshot);
    if (reached || (begunOnly && !begun)) continue;
    try {
      unfinished = (await queuePages(runtime, id, sizes)) || unfinished;
    } catch (error) {
      onError(error as Error);
    }
  }
  return unfinished;
}

async function queuePages(runtime: Runtime, webhookId: string, sizes: ReadSizes): Promise<boolean> {
  for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
    const queued = await runtime.database.transaction((transaction) => queuePage(transaction, webhookId, sizes));
    if (queued === "resynced") runtime.committed();
    if (queued !== "more") return false;
  }
  return true;
}

async function queuePage(
  transaction: Connection,
  webhookId: string,
  sizes: ReadSizes,
): Promise<"done" | "more" | "resynced"> {
  const [webhook] = await transaction.run(holdWebhook, [webhookId]);
  if (!webhook) return "done";
  const { projectId } = webhook;
  const page = await readAfter(transaction, webhook.cursor, {
    place: { projectId },
    filter: logFilterOf(webhook.filter),
    sizes,
  });
  if ("reason" in page) {
    const body = resyncBody({ webhookId, projectId, cursor: page.cursor }, page.reason);
    const caller = callerValues(systemCaller("webhook queue"));
    await transaction.run(resync, [...caller, webhookId, page.cursor, newId(), body, page.reason]);
    return "resynced";
  }
  // What reacts to its own changes would never come to rest.
  const others = page.events.filter(({ event }) => event.subjectId !== webhookId);
  await transaction.run(insertDeliveries, [
    webhookId,
    page.cursor,
    others.map(() => newId()),
    others.map(({ event }) => event.id),
    others.map(({ event }) => event.type),
    others.map(({ event }) => event.subjectId),
    others.map(({ event, cursor }) => eventBody(event, cursor)),
  ]);
  return page.complete ? "done" : "more";
}
