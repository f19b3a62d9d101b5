import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

/** A context that an agent uses has a version that the agent has not loaded. */
export interface PendingContextChange {
  readonly agentId: string;
  readonly contextId: string;
  /** The newest version: the one to load and to acknowledge. */
  readonly version: number;
  /** Whether a rollback lies between what the agent has and that version. */
  readonly rolledBack: boolean;
  /** Names the time at which the agent was last asked to confirm the last rollback; null when it was not. */
  readonly asked: string | null;
}

const pendingChanges = statement<PendingContextChange>(`
  select used.agent_id as "agentId", c.id as "contextId", c.current_version as version,
         bool_or(coalesce(c.rollback_version, 0) > used.version) as "rolledBack",
         (select (extract(epoch from asked.created_at) * 1000000)::bigint::text from rollback_confirmations asked
          where asked.context_id = c.id and asked.version = c.rollback_version and asked.agent_id = used.agent_id) as asked
  from (
    select r.agent_id, r.context_id, r.version from context_readers r where r.agent_id = any($1::uuid[])
    union all
    -- An owner that has not read the context with its own credentials is asked all the same.
    select a.agent_id, a.context_id, a.version - 1 from rollback_confirmations a where a.agent_id = any($1::uuid[]) and a.state = 'PENDING'
  ) used
  join contexts c on c.id = used.context_id and c.current_version > used.version
  group by used.agent_id, c.id order by used.agent_id, c.id`);

/** What agents have to be told about contexts: changes since what they have loaded, and rollbacks that wait for their answer. */
export async function pendingContextChanges(
  connection: Connection,
  agentIds: readonly string[],
): Promise<PendingContextChange[]> {
  return connection.run(pendingChanges, [agentIds]);
}
