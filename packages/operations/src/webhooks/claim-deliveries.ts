import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "../runtime.ts";
import type { WebhookDelivery } from "./delivery.ts";
import { type SealedSecrets, secretColumns } from "./webhook.ts";

/** Most deliveries of one webhook that are under way at once, and of one whose last attempt failed. */
const MOST_AT_ONCE = 8;
const MOST_AFTER_FAILURE = 1;

/** A delivery to send, with what it takes. `attempts` is the attempt's number and its fence. */
export type ClaimedDelivery = Pick<WebhookDelivery, "id" | "webhookId" | "type" | "body" | "attempts" | "failures"> &
  SealedSecrets & { readonly url: string; readonly webhookFailures: number };

const FREE = `d.state = 'PENDING' and d.next_attempt_at <= clock_timestamp() and (d.lease_until is null or d.lease_until <= clock_timestamp())`;

// The rows are looked for without a lock, and what makes them free is asked again of the row that is locked.
const claimStatement = statement<ClaimedDelivery>(`
  with open as materialized (
    select w.id, case when w.failures > 0 then ${MOST_AFTER_FAILURE} else ${MOST_AT_ONCE} end
      - (select count(*) from webhook_deliveries d where d.webhook_id = w.id and d.lease_until > clock_timestamp()) as room
    from webhooks w where w.state = 'ACTIVE' and (w.retry_at is null or w.retry_at <= clock_timestamp())
  ),
  due as materialized (
    select d.id, open.room, row_number() over (partition by open.id order by d.number) as place
    from open cross join lateral (
      select d.id, d.number from webhook_deliveries d
      where d.webhook_id = open.id and ${FREE} and not exists (
        select from webhook_deliveries earlier
        where earlier.webhook_id = d.webhook_id and earlier.subject_id = d.subject_id and earlier.state = 'PENDING' and earlier.number < d.number)
      order by d.number limit ${MOST_AT_ONCE}) d
    where open.room > 0
  ),
  chosen as materialized (
    select due.id from due where due.place <= due.room order by due.place, due.id limit $1
  ),
  held as materialized (
    select d.id from webhook_deliveries d where d.id in (select id from chosen) and ${FREE} for no key update skip locked
  ),
  claimed as (
    update webhook_deliveries d
    set attempts = d.attempts + 1, last_attempt_at = clock_timestamp(), lease_until = clock_timestamp() + $2::float8 * interval '1 millisecond'
    from held where d.id = held.id returning d.*
  )
  select c.id, c.webhook_id as "webhookId", c.type, c.body, c.attempts, c.failures, w.url, w.failures as "webhookFailures", ${secretColumns("w")}
  from claimed c join webhooks w on w.id = c.webhook_id`);

/**
 * Takes up to `limit` deliveries to send, each for `leaseMs`: of every subject of a webhook the oldest that waits, when it is
 * due. So nobody has a later one of the same subject at the same time. In turns: the oldest of each webhook first.
 */
export function claimDeliveries(runtime: Runtime, limit: number): Promise<ClaimedDelivery[]> {
  return runtime.database.run(claimStatement, [limit, runtime.settings.webhooks.leaseMs]);
}
