import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { projects } from "@muster/database/tables/projects.ts";
import { workspaces } from "@muster/database/tables/workspaces.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { amongIds, withinReach } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";

/** A workspace; `eventsRetainedSince` also counts what the whole installation has removed. */
export type Workspace = Omit<typeof workspaces.$inferSelect, "eventsRetainedFromId">;
/** A project, with its path "workspace/project". */
export type Project = typeof projects.$inferSelect & { readonly path: string };

const OTHERWISE = ["eventsRetainedFromId", "eventsRetainedSince", "maxStorageBytes"];

/** The select list that turns the row `alias` into a `Workspace`. */
export function workspaceColumns(alias: string): string {
  return `${rowColumns(workspaces, alias, OTHERWISE)}, ${alias}.max_storage_bytes::float8 as "maxStorageBytes",
    greatest(${alias}.events_retained_since, (select events_retained_since from installation)) as "eventsRetainedSince"`;
}

const PROJECT = `${rowColumns(projects, "p")}, w.slug || '/' || p.slug as "path"`;
const IN_REACH = "($2::uuid[] is null or w.id = any($2))";
const PROJECT_IN_REACH = "($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))";

const workspacesById = statement<Workspace>(
  `select ${workspaceColumns("w")} from workspaces w where w.id = any($1::uuid[]) and ${IN_REACH}`,
);
const workspaceBySlug = statement<Workspace>(
  `select ${workspaceColumns("w")} from workspaces w where w.slug = $1 and ${IN_REACH}`,
);
const projectsById = statement<Project>(
  `select ${PROJECT} from projects p join workspaces w on w.id = p.workspace_id
   where p.id = any($1::uuid[]) and ${PROJECT_IN_REACH}`,
);
const projectByPath = statement<Project>(
  `select ${PROJECT} from projects p join workspaces w on w.id = p.workspace_id
   where w.slug = split_part($1, '/', 1) and p.slug = split_part($1, '/', 2) and w.slug || '/' || p.slug = $1
     and ${PROJECT_IN_REACH}`,
);

/** The workspaces with these ids that the caller may see, in any order. */
export async function getWorkspaces(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Workspace[]> {
  caller = authorize(caller, "workspace.read");
  return runtime.database.run(workspacesById, [ids, reachOf(caller)[0]]);
}

/** The workspace with this slug, or null. */
export async function findWorkspace(runtime: Runtime, caller: Caller, slug: string): Promise<Workspace | null> {
  caller = authorize(caller, "workspace.read");
  if (!storable(slug)) return null;
  const [found] = await runtime.database.run(workspaceBySlug, [slug, reachOf(caller)[0]]);
  return found ?? null;
}

/** Every workspace in the caller's reach, by slug; at most 200. */
export async function reachableWorkspaces(runtime: Runtime, caller: Caller): Promise<Workspace[]> {
  caller = authorize(caller, "workspace.read");
  const [workspaceIds] = reachOf(caller);
  return runtime.database.query<Workspace>(
    sql`select ${sql.raw(workspaceColumns("w"))} from workspaces w
        where ${amongIds(sql`w.id`, workspaceIds)} order by w.slug limit 200`,
  );
}

/** The projects with these ids that the caller may see, in any order. */
export async function getProjects(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Project[]> {
  caller = authorize(caller, "workspace.read");
  return runtime.database.run(projectsById, [ids, ...reachOf(caller)]);
}

/** The project with this path ("workspace/project"), or null. */
export async function findProject(runtime: Runtime, caller: Caller, path: string): Promise<Project | null> {
  caller = authorize(caller, "workspace.read");
  if (!storable(path)) return null;
  const [found] = await runtime.database.run(projectByPath, [path, ...reachOf(caller)]);
  return found ?? null;
}

/** A page of the projects of each workspace, by slug. */
export async function listProjects(
  runtime: Runtime,
  caller: Caller,
  workspaceIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Project>> {
  caller = authorize(caller, "workspace.read");
  return readPages<Project>(
    runtime.database,
    {
      columns: sql.raw(PROJECT),
      from: sql`projects p join workspaces w on w.id = p.workspace_id`,
      where: [sql`p.workspace_id = ${PARENT}`, withinReach(caller, "p", "id")],
      orderBy: [
        { expression: sql`p.slug`, type: "text" },
        { expression: sql`p.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    workspaceIds,
    page,
  );
}

/** Text that Postgres refuses cannot name anything. */
function storable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
