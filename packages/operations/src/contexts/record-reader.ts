import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { Runtime } from "../runtime.ts";
import { callingAgent } from "./context-scope.ts";

const upsertReaders = statement<never>(`
  insert into context_readers (context_id, agent_id, version)
  select loaded.context_id, $1, max(loaded.number) from unnest($2::uuid[], $3::int[]) as loaded(context_id, number)
  where not exists (select from context_readers r where r.context_id = loaded.context_id and r.agent_id = $1 and r.version >= loaded.number)
  group by loaded.context_id order by loaded.context_id
  on conflict (context_id, agent_id) do update set version = excluded.version, at = clock_timestamp()
  where context_readers.version < excluded.version`);

/**
 * Records that the agent has loaded these versions, so that rollbacks wait for it. Writes only what is news. Never call
 * it while holding a context's row: it touches the agent's, and agents come first in the order of locks.
 */
export async function recordReader(
  connection: Connection,
  agentId: string,
  loaded: readonly { readonly contextId: string; readonly number: number }[],
): Promise<void> {
  if (loaded.length === 0) return;
  await connection.run(upsertReaders, [agentId, loaded.map((key) => key.contextId), loaded.map((key) => key.number)]);
}

/** Records that an agent uses a context, which the caller may see, in which nothing has been written. */
export async function recordEmptyRead(runtime: Runtime, caller: Caller, contextId: string): Promise<void> {
  const agentId = callingAgent(caller);
  if (agentId !== null) await recordReader(runtime.database, agentId, [{ contextId, number: 0 }]);
}
