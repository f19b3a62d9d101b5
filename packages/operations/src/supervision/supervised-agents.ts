import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";

/** What whoever runs agents' processes has to know of an agent. */
export interface SupervisedAgent {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly definitionSlug: string;
  readonly definitionVersion: number;
  readonly state: AgentState;
  readonly version: number;
}

// By agents_deploying_index and the primary keys: however large the fleet, only what is looked for is read.
const supervisedStatement = statement<SupervisedAgent>(`
  with wanted as (
    select a.id from agents a join agent_definitions d on d.id = a.definition_id
    where a.state = 'DEPLOYING' and d.workspace_id is null and d.slug = any($1::text[])
    union
    select unnest($2::uuid[])
  )
  select a.id, a.project_id as "projectId", a.name, d.slug as "definitionSlug", a.definition_version as "definitionVersion",
         a.state, a.version
  from wanted join agents a on a.id = wanted.id join agent_definitions d on d.id = a.definition_id
  where ($3::uuid[] is null or a.workspace_id = any($3)) and ($4::uuid[] is null or a.project_id = any($4))`);

/**
 * The agents that wait for a process (DEPLOYING) and whose definition is shared by the installation under one of `slugs`,
 * and those of `agentIds`, in any state; in any order.
 */
export async function supervisedAgents(
  runtime: Runtime,
  caller: Caller,
  { slugs, agentIds }: { slugs: readonly string[]; agentIds: readonly string[] },
): Promise<SupervisedAgent[]> {
  caller = authorize(caller, "agent.read");
  return runtime.database.run(supervisedStatement, [slugs, agentIds, ...reachOf(caller)]);
}
