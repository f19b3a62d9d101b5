import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";

const settlePending = statement<{ id: string }>(`
  with verdict as materialized (
    select c.id as context_id, c.rollback_version as number,
      (select string_agg(a.name || ': ' || r.error, '; ' order by a.name)
       from rollback_confirmations r join agents a on a.id = r.agent_id
       where r.context_id = c.id and r.version = c.rollback_version and r.state = 'FAILED') as error,
      (select max(r.answered_at) from rollback_confirmations r
       where r.context_id = c.id and r.version = c.rollback_version) as answered_at,
      (select created_at from context_versions v where v.context_id = c.id and v.number = c.current_version) as newest_at
    from contexts c
    where c.id = any($1::uuid[]) and c.rollback_state = 'PENDING'
  ), settled as (
    update contexts c set rollback_state = case when v.error is null then 'SUCCEEDED' else 'FAILED' end
    from verdict v
    where c.id = v.context_id and (v.error is not null or not exists (
        select from rollback_confirmations r where r.context_id = v.context_id and r.version = v.number and r.state = 'PENDING'))
    returning c.*, v.number, v.error, greatest(clock_timestamp(), c.rollback_since, v.answered_at, v.newest_at) as at
  ), happened as (
    select ${contextEvent(
      "context.rollback_settled",
      "jsonb_build_object('version', number, 'state', rollback_state, 'error', error)",
      2,
    )} from settled
  ), appended as (${appendEvents("happened")})
  select id from settled`);

/**
 * Settles those rollbacks of the contexts that are decided: FAILED by the first agent that could not load the version,
 * SUCCEEDED when no answer is outstanding. Each rollback settles once, with one event. The transaction must hold the
 * contexts' rows.
 */
export async function settleRollbacks(
  transaction: Connection,
  caller: Caller,
  contextIds: readonly string[],
): Promise<void> {
  await transaction.run(settlePending, [contextIds, ...contextEventValues(caller, null)]);
}
