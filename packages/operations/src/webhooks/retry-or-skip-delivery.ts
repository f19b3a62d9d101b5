import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";
import { deliveryColumns, readDelivery, type WebhookDelivery } from "./delivery.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";

const RetryDelivery = z.object({ deliveryId: z.uuid() });
export type RetryDeliveryInput = z.input<typeof RetryDelivery>;
const SkipDelivery = z.object({ deliveryId: z.uuid(), reason: text(1_000) });
export type SkipDeliveryInput = z.input<typeof SkipDelivery>;

// The webhook first: whoever locks both takes it before its deliveries. The body is that of an event, so no test.
const retryStatement = statement<WebhookDelivery>(`
  with asked as materialized (
    select w.id from webhooks w where w.id = (select webhook_id from webhook_deliveries where id = $7) and ${inReach("w")} for no key update
  ),
  due as (
    update webhook_deliveries d set next_attempt_at = clock_timestamp(), failures = 0
    from asked where d.id = $7 and d.webhook_id = asked.id and d.state = 'PENDING' returning d.*
  ),
  again as (
    insert into webhook_deliveries as d (id, webhook_id, event_id, type, subject_id, body)
    select $8, ended.webhook_id, ended.event_id, ended.type, ended.subject_id, ended.body
    from webhook_deliveries ended join asked on asked.id = ended.webhook_id
    where ended.id = $7 and ended.state <> 'PENDING' and ended.event_id is not null returning d.*
  ),
  retried as (
    update webhooks w set retry_at = null, ${CHANGED} from (select webhook_id from due union all select webhook_id from again) r
    where w.id = r.webhook_id returning w.*
  ),
  happened as (${webhookEvents("retried", {
    type: "webhook.delivery_retried",
    payload: "jsonb_build_object('deliveryId', $9::text)",
  })}),
  appended as (${appendEvents("happened")})
  select ${deliveryColumns("d")} from (table due union all table again) d`);

const skipStatement = statement<WebhookDelivery>(`
  with asked as materialized (
    select w.id from webhooks w where w.id = (select webhook_id from webhook_deliveries where id = $7) and ${inReach("w")} for no key update
  ),
  skipped as (
    update webhook_deliveries d set state = 'SKIPPED', skip_reason = $8::text, finished_at = clock_timestamp(), lease_until = null
    from asked where d.id = $7 and d.webhook_id = asked.id and d.state = 'PENDING' returning d.*
  ),
  changed as (update webhooks w set ${CHANGED} from skipped s where w.id = s.webhook_id returning w.*),
  happened as (${webhookEvents("changed", {
    type: "webhook.delivery_skipped",
    payload: "jsonb_build_object('deliveryId', $9::text)",
    reason: "$8",
  })}),
  appended as (${appendEvents("happened")})
  select ${deliveryColumns("skipped")} from skipped`);

/**
 * Sends a delivery now: one that waits is due at once, before the backoff is over; one that has ended is sent again as a
 * new delivery, after what waits for its subject. Throws `NotFound`, and `Conflict` for what is no event and has ended:
 * a test is made anew with testWebhook.
 */
export async function retryWebhookDelivery(
  runtime: Runtime,
  caller: Caller,
  input: RetryDeliveryInput,
): Promise<WebhookDelivery> {
  caller = authorize(caller, "webhook.manage");
  const { deliveryId } = parseInput(RetryDelivery, input);
  const [retried] = await write(runtime, retryStatement, [
    ...callerValues(caller),
    deliveryId,
    newId(),
    formatId("webhookDelivery", deliveryId),
  ]);
  if (retried) return retried;
  const { state } = await readDelivery(runtime.database, caller, deliveryId);
  throw new Conflict("a delivery of an event, or one that is", "PENDING", state);
}

/** Gives up a delivery that waits, so that what comes after it for the same subject is sent. Throws `NotFound`, and `Conflict` when it has ended. */
export async function skipWebhookDelivery(
  runtime: Runtime,
  caller: Caller,
  input: SkipDeliveryInput,
): Promise<WebhookDelivery> {
  caller = authorize(caller, "webhook.manage");
  const { deliveryId, reason } = parseInput(SkipDelivery, input);
  const [skipped] = await write(runtime, skipStatement, [
    ...callerValues(caller),
    deliveryId,
    reason,
    formatId("webhookDelivery", deliveryId),
  ]);
  if (skipped) return skipped;
  const { state } = await readDelivery(runtime.database, caller, deliveryId);
  throw new Conflict("the delivery's state", "PENDING", state);
}
