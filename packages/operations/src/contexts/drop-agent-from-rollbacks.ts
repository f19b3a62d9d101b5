import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";

const holdAwaiting = statement<{ id: string }>(`
  select c.id from contexts c
  where c.id in (select r.context_id from rollback_confirmations r where r.agent_id = $1 and r.state = 'PENDING')
  order by c.id for no key update`);

const dropConfirmations = statement<never>(`
  delete from rollback_confirmations where agent_id = $1 and context_id = any($2::uuid[]) and state = 'PENDING'`);

/**
 * The agent is no longer running: rollbacks that waited for its answer go on without it, and those that waited for nobody
 * else settle. For a transaction that holds the agent's row.
 */
export async function dropAgentFromRollbacks(transaction: Connection, caller: Caller, agentId: string): Promise<void> {
  const contextIds = (await transaction.run(holdAwaiting, [agentId])).map((context) => context.id);
  if (contextIds.length === 0) return;
  await transaction.run(dropConfirmations, [agentId, contextIds]);
  await settleRollbacks(transaction, caller, contextIds);
}
