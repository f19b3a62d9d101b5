import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { formatId } from "@muster/domain/ids.ts";
import { appendEvents } from "@muster/events/append.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import type { Runtime } from "../runtime.ts";
import type { ClaimedDelivery } from "./claim-deliveries.ts";
import { movedWebhooks, moveEvents } from "./move-webhook.ts";
import type { PostOutcome } from "./post.ts";
import { deliveryDelayMs, webhookDelayMs } from "./retry-delay.ts";

const GONE = 410;
/** Only who makes the attempt may say how it went: whoever was thought dead is too late. */
const fence = (attempts: string) => `d.id = $1 and d.attempts = ${attempts} and d.state = 'PENDING'`;
const RESULT = "last_status = $4, last_error = $5, response_excerpt = $6, duration_ms = $7, lease_until = null";

// Both take the webhook before the delivery, as everyone does; one without failures need not be taken.
const succeed = statement<{ id: string }>(`
  with recovered as materialized (select w.id from webhooks w where w.id = $2 and w.failures > 0 for no key update),
  finished as (
    update webhook_deliveries d set state = 'SUCCEEDED', finished_at = clock_timestamp(), failures = 0, ${RESULT}
    where ${fence("$3")} and (select count(*) from recovered) >= 0 returning d.id
  ),
  reset as (
    update webhooks w set failures = 0, retry_at = null from recovered where w.id = recovered.id and exists (select from finished))
  select id from finished`);

const fail = statement<{ failures: number }>(`
  with owner as materialized (select w.id from webhooks w where w.id = $2 for no key update),
  failed as (
    update webhook_deliveries d
    set failures = d.failures + 1, next_attempt_at = clock_timestamp() + $8::float8 * interval '1 millisecond', ${RESULT}
    from owner where ${fence("$3")} returning d.failures
  )
  update webhooks w
  set failures = w.failures + 1, retry_at = greatest(w.retry_at, clock_timestamp() + $9::float8 * interval '1 millisecond')
  from failed where w.id = $2 returning failed.failures`);

const giveBack = statement<never>(`update webhook_deliveries d set lease_until = null where ${fence("$2")}`);

const pause = statement<never>(`
  with moved as (${movedWebhooks("PAUSE", `w.id = $7 and ${inReach("w")}`, "$8::text")}),
  happened as (${moveEvents("PAUSE", "moved", "$8")})
  ${appendEvents("happened")}`);

/**
 * Records how an attempt went. A failed delivery waits, and after too many failures, or when the endpoint says that it is gone,
 * its webhook is paused: nothing is left out. Changes nothing when the attempt is not the delivery's newest any more.
 */
export async function finishDelivery(
  runtime: Runtime,
  delivery: ClaimedDelivery,
  { status, error, excerpt, durationMs }: PostOutcome,
): Promise<void> {
  const { id, webhookId, attempts, failures, webhookFailures } = delivery;
  const values = [id, webhookId, attempts, status, error, excerpt, durationMs];
  if (error === null) {
    await runtime.database.run(succeed, values);
    return;
  }
  const settings = runtime.settings.webhooks;
  const failed = failures + 1;
  const delays = [deliveryDelayMs(settings, failed), webhookDelayMs(settings, webhookFailures + 1)];
  const reason =
    status === GONE
      ? "The endpoint answered 410 Gone: it wants no more."
      : `${failed} attempts to deliver ${formatId("webhookDelivery", id)} (${delivery.type}) failed. The last: ${error}`;
  if (status !== GONE && failed < settings.attempts) {
    await runtime.database.run(fail, [...values, ...delays]);
    return;
  }
  await runtime.database.transaction(async (transaction) => {
    const [counted] = await transaction.run(fail, [...values, ...delays]);
    if (counted) await pauseBySystem(transaction, webhookId, reason);
  });
  runtime.committed();
}

/** Takes back an attempt that was not made, or was broken off here: it counts for nothing, and another one can begin at once. */
export async function giveBackDelivery(connection: Connection, { id, attempts }: ClaimedDelivery): Promise<void> {
  await connection.run(giveBack, [id, attempts]);
}

/** Takes back an attempt that cannot be made by this webhook as it is, and pauses it. */
export async function refuseDelivery(runtime: Runtime, delivery: ClaimedDelivery, reason: string): Promise<void> {
  await runtime.database.transaction(async (transaction) => {
    await pauseBySystem(transaction, delivery.webhookId, reason);
    await giveBackDelivery(transaction, delivery);
  });
  runtime.committed();
}

async function pauseBySystem(transaction: Connection, webhookId: string, reason: string): Promise<void> {
  await transaction.run(pause, [...callerValues(systemCaller("webhook sender")), webhookId, reason]);
}
