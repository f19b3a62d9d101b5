import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { contextScopeOf, inContextScope } from "./context-scope.ts";

/** An agent that uses a context. */
export interface ContextReader {
  readonly contextId: string;
  readonly agentId: string;
  /** The newest version that it has loaded; null for an owner that has loaded none. */
  readonly version: number | null;
  /** Whether a rollback made now waits for it: it is at work. */
  readonly wouldConfirm: boolean;
}

const readersOf = statement<ContextReader>(`
  select used.context_id as "contextId", a.id as "agentId", max(used.version) as version, a.state = any($5::text[]) as "wouldConfirm"
  from contexts c
  cross join lateral (
    select r.context_id, r.agent_id, r.version from context_readers r where r.context_id = c.id
    union all
    select c.id, c.agent_id, null where c.agent_id is not null) used
  join agents a on a.id = used.agent_id
  where c.id = any($1::uuid[]) and ${inContextScope("c", 2)}
  group by used.context_id, a.id order by used.context_id, a.name`);

/** The agents that use each of the contexts that the caller may see, by name: those that a rollback asks when they run. */
export async function getReaders(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
): Promise<ContextReader[]> {
  caller = authorize(caller, "context.read");
  return runtime.database.run(readersOf, [contextIds, ...contextScopeOf(caller), WORKING_STATES]);
}
