import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "../runtime.ts";

const KEPT_FOR = "7 days";
const KEPT_OF_EACH = 10_000;
const BATCH = 2_000;
/** So many are removed in one round at most. */
const BATCHES = 50;

const removeOld = statement<{ id: string }>(`
  with old as (
    select d.id from webhook_deliveries d where d.finished_at < clock_timestamp() - interval '${KEPT_FOR}'
    order by d.finished_at limit ${BATCH} for update skip locked)
  delete from webhook_deliveries d using old where d.id = old.id returning d.id`);

/** Any constant that nothing else in the database locks. */
const LOCK = 5_710_421_885;

// Only where something has ended since the last rounds, and only one process at a time: it walks as many rows as are kept.
const removeBeyond = statement<{ id: string }>(`
  with turn as materialized (select pg_try_advisory_xact_lock(${LOCK}) as mine),
  busy as materialized (
    select distinct d.webhook_id from webhook_deliveries d, turn
    where turn.mine and d.finished_at > clock_timestamp() - interval '10 minutes'
  ),
  last as materialized (
    select busy.webhook_id, kept.number from busy cross join lateral (
      select d.number from webhook_deliveries d where d.webhook_id = busy.webhook_id and d.finished_at is not null
      order by d.number desc offset $1::int limit 1) kept
  ), old as (
    select d.id from last join webhook_deliveries d on d.webhook_id = last.webhook_id and d.number <= last.number
    where d.finished_at is not null limit ${BATCH} for update of d skip locked)
  delete from webhook_deliveries d using old where d.id = old.id returning d.id`);

/**
 * Forgets deliveries that ended 7 days ago, and all but the last 10,000 of each webhook that have ended. In small batches; what is
 * left over is for the next round. Any number of processes may do it at once.
 */
export async function removeOldDeliveries(runtime: Runtime, keptOfEach = KEPT_OF_EACH): Promise<void> {
  for (const [remove, values] of [
    [removeOld, []],
    [removeBeyond, [keptOfEach]],
  ] as const) {
    for (let batch = 0, removed = BATCH; removed === BATCH && batch < BATCHES; batch += 1) {
      removed = (await runtime.database.run(remove, values)).length;
    }
  }
}
