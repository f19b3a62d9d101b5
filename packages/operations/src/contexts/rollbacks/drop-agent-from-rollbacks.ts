import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";

const holdAwaiting = statement<{ id: string }>(`
  select c.id from contexts c
  where c.id in (select r.context_id from rollback_confirmations r where r.agent_id = $1 and r.state = 'PENDING')
  order by c.id for no key update`);

const dropConfirmations = statement<never>(`
  with dropped as (
    delete from rollback_confirmations where agent_id = $1 and context_id = any($2::uuid[]) and state = 'PENDING'
    returning context_id, agent_id as dropped_agent, version
  ), happened as (
    select ${contextEvent(
      "context.rollback_agent_dropped",
      "jsonb_build_object('agent', dropped_name, 'version', version)",
      3,
      "dropped_agent",
    )}
    from (
      select c.*, r.dropped_agent, a.name as dropped_name, r.version,
             greatest(clock_timestamp(), c.rollback_since, newest.created_at) as at
      from dropped r
      join agents a on a.id = r.dropped_agent
      join contexts c on c.id = r.context_id
      join context_versions newest on newest.context_id = c.id and newest.number = c.current_version) source
  ), appended as (${appendEvents("happened")})
  select 1 from dropped`);

/**
 * The agent is no longer running: rollbacks that waited for its answer go on without it, and those that waited for nobody
 * else settle. Each says so in its history. For a transaction that holds the agent's row.
 */
export async function dropAgentFromRollbacks(transaction: Connection, caller: Caller, agentId: string): Promise<void> {
  const contextIds = (await transaction.run(holdAwaiting, [agentId])).map((context) => context.id);
  if (contextIds.length === 0) return;
  await transaction.run(dropConfirmations, [agentId, contextIds, ...contextEventValues(caller, null)]);
  await settleRollbacks(transaction, caller, contextIds);
}
