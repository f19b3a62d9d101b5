import { statement } from "@muster/database/statement.ts";
import { agentDefinitionVersions } from "@muster/database/tables/agent-definition-versions.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import type { Actor, Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { amongIds } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";

/** An immutable edition of a definition. */
export type DefinitionVersion = typeof agentDefinitionVersions.$inferSelect;

const COLUMNS = rowColumns(agentDefinitionVersions, "v");

/** A page of the versions of each definition that the caller may see, newest first. */
export async function listDefinitionVersions(
  runtime: Runtime,
  caller: Caller,
  definitionIds: readonly string[],
  page: PageArguments,
): Promise<Pages<DefinitionVersion>> {
  caller = authorize(caller, "definition.read");
  const [reachable] = reachOf(caller);
  return readPages<DefinitionVersion>(
    runtime.database,
    {
      columns: sql.raw(COLUMNS),
      from: sql`agent_definition_versions v join agent_definitions d on d.id = v.definition_id`,
      where: [
        sql`v.definition_id = ${PARENT}`,
        sql`(d.workspace_id is null or ${amongIds(sql`d.workspace_id`, reachable)})`,
      ],
      orderBy: [{ expression: sql`v.version`, type: "integer" }],
      direction: "DESC",
    },
    definitionIds,
    page,
  );
}

const versionsByNumber = statement<DefinitionVersion>(`
  select ${COLUMNS} from agent_definition_versions v join agent_definitions d on d.id = v.definition_id
  where v.definition_id = any($1::uuid[]) and v.version = $2 and ($3::uuid[] is null or d.workspace_id is null or d.workspace_id = any($3))`);

/** The version with this number of each definition that has one and that the caller may see, by definition. */
export async function findDefinitionVersions(
  runtime: Runtime,
  caller: Caller,
  definitionIds: readonly string[],
  number: number,
): Promise<ReadonlyMap<string, DefinitionVersion>> {
  caller = authorize(caller, "definition.read");
  const found = await runtime.database.run(versionsByNumber, [definitionIds, number, reachOf(caller)[0]]);
  return new Map(found.map((version) => [version.definitionId, version]));
}

/** Who added a version. */
export type VersionAuthor = Pick<Actor, "kind" | "id" | "name">;

/** Identifies a version of a definition in maps. */
export function versionKey({ definitionId, version }: Pick<DefinitionVersion, "definitionId" | "version">): string {
  return `${definitionId}@${version}`;
}

// Events of no project are few, and their index gives them.
const authors = statement<VersionAuthor & { readonly definitionId: string; readonly version: number }>(`
  select e.subject_id as "definitionId", e.subject_version as version, e.actor_kind as kind, e.actor_id as id, e.actor_name as name
  from events e
  where e.project_id is null and e.subject_id = any($1::uuid[]) and e.type in ('definition.registered', 'definition.version_added')
    and ($2::uuid[] is null or e.workspace_id is null or e.workspace_id = any($2))`);

/** Who added each version of these definitions, by `versionKey`; not those of which retention has removed the event. */
export async function readVersionAuthors(
  runtime: Runtime,
  caller: Caller,
  definitionIds: readonly string[],
): Promise<ReadonlyMap<string, VersionAuthor>> {
  caller = authorize(caller, "definition.read");
  caller = authorize(caller, "event.read");
  const rows = await runtime.database.run(authors, [definitionIds, reachOf(caller)[0]]);
  return new Map(rows.map(({ definitionId, version, ...author }) => [versionKey({ definitionId, version }), author]));
}
