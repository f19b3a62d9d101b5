import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { agentDefinitions } from "@muster/database/tables/agent-definitions.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { amongIds } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";

/** What an agent can be. `version` is the newest; an agent keeps the one it was registered with. */
export type Definition = typeof agentDefinitions.$inferSelect;

const definitionsById = statement<Definition>(
  `select ${rowColumns(agentDefinitions, "d")} from agent_definitions d
   where d.id = any($1::uuid[]) and ($2::uuid[] is null or d.workspace_id is null or d.workspace_id = any($2))`,
);

/** The definitions with these ids that the caller may see (its workspace's and the shared ones), in any order. */
export async function getDefinitions(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Definition[]> {
  caller = authorize(caller, "definition.read");
  return runtime.database.run(definitionsById, [ids, reachOf(caller)[0]]);
}

/** A page of the definitions that agents of each workspace can have: its own and the shared ones, by slug. */
export async function listDefinitions(
  runtime: Runtime,
  caller: Caller,
  workspaceIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Definition>> {
  caller = authorize(caller, "definition.read");
  const [reachable] = reachOf(caller);
  return readPages<Definition>(
    runtime.database,
    {
      columns: sql.raw(rowColumns(agentDefinitions, "d")),
      from: sql`agent_definitions d`,
      where: [
        sql`(d.workspace_id is null or d.workspace_id = ${PARENT})`,
        sql`(d.workspace_id is null or ${amongIds(sql`d.workspace_id`, reachable)})`,
      ],
      orderBy: [
        { expression: sql`d.slug`, type: "text" },
        { expression: sql`d.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    workspaceIds,
    page,
  );
}

const definitionBySlug = statement<Definition & { readonly projectId: string }>(`
  select d.*, p.id as "projectId" from projects p cross join lateral (
    select ${rowColumns(agentDefinitions, "d")} from agent_definitions d
    where d.slug = $2 and (d.workspace_id = p.workspace_id or d.workspace_id is null)
    order by d.workspace_id nulls last limit 1
  ) d
  where p.id = any($1::uuid[]) and ($3::uuid[] is null or p.workspace_id = any($3)) and ($4::uuid[] is null or p.id = any($4))`);

/** The definition that agents of each project are registered with under this slug: the workspace's own, else the shared one. By project. */
export async function findDefinitions(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  slug: string,
): Promise<ReadonlyMap<string, Definition>> {
  caller = authorize(caller, "definition.read");
  if (!slug.isWellFormed() || slug.includes("\0")) return new Map();
  const found = await runtime.database.run(definitionBySlug, [projectIds, slug, ...reachOf(caller)]);
  return new Map(found.map(({ projectId, ...definition }) => [projectId, definition]));
}
