import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";

/** How many agents have a version of a definition. */
export interface VersionCount {
  readonly version: number;
  readonly agents: number;
}

const counts = statement<VersionCount & { readonly definitionId: string }>(`
  select a.definition_id as "definitionId", a.definition_version as version, count(*)::int as agents
  from agents a
  where a.definition_id = any($1::uuid[]) and a.state <> 'DECOMMISSIONED' and ($2::uuid is null or a.project_id = $2)
    and ($3::uuid[] is null or a.workspace_id = any($3)) and ($4::uuid[] is null or a.project_id = any($4))
  group by 1, 2 order by 1, 2 desc`);

/**
 * How many of the agents that the caller may see, of one project or of all, have each version of these definitions: by definition, newest
 * version first, without those that nobody has. Who is decommissioned does not count.
 */
export async function countAgentsByVersion(
  runtime: Runtime,
  caller: Caller,
  definitionIds: readonly string[],
  projectId: string | null,
): Promise<ReadonlyMap<string, readonly VersionCount[]>> {
  caller = authorize(caller, "agent.read");
  const rows = await runtime.database.run(counts, [definitionIds, projectId, ...reachOf(caller)]);
  const byDefinition = Map.groupBy(rows, ({ definitionId }) => definitionId);
  return new Map(
    definitionIds.map((id) => [id, (byDefinition.get(id) ?? []).map(({ version, agents }) => ({ version, agents }))]),
  );
}
