import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { SavedViewScreen } from "@muster/domain/saved-view.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { type SavedView, savedViewColumns } from "./saved-view.ts";

const viewsById = statement<SavedView>(`
  select ${savedViewColumns("v")} from saved_views v
  where v.id = any($1::uuid[]) and ($2::uuid[] is null or v.workspace_id = any($2)) and ($3::uuid[] is null or v.project_id = any($3))`);

/** The saved views with these ids that the caller may see, in any order. */
export async function getSavedViews(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<SavedView[]> {
  caller = authorize(caller, "workspace.read");
  return runtime.database.run(viewsById, [ids, ...reachOf(caller)]);
}

const viewsOfScreen = statement<SavedView>(`
  select ${savedViewColumns("v")} from saved_views v
  where v.project_id = any($1::uuid[]) and v.screen = $2
    and ($3::uuid[] is null or v.workspace_id = any($3)) and ($4::uuid[] is null or v.project_id = any($4))
  order by lower(v.name), v.name`);

/** The saved views of a screen of each project, by name. */
export async function listSavedViews(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  screen: SavedViewScreen,
): Promise<ReadonlyMap<string, SavedView[]>> {
  caller = authorize(caller, "workspace.read");
  const rows = await runtime.database.run(viewsOfScreen, [projectIds, screen, ...reachOf(caller)]);
  return new Map(projectIds.map((projectId) => [projectId, rows.filter((view) => view.projectId === projectId)]));
}
