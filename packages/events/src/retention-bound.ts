import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type SQL, sql } from "drizzle-orm";
import type { FeedPlace } from "./feed-place.ts";

/** Retention has removed events that come after a position: who stands there has to read the state again. */
export class EventsRemoved extends Error {
  override readonly name = "EventsRemoved";
}

/**
 * SQL (bigint): events of the place with lower ids may have been removed. It is raised and committed before the first of them goes; so a
 * statement that no longer sees them sees the bound. Null counts as none.
 */
export function retainedFromId(place: FeedPlace = "everywhere"): SQL {
  return sql`greatest((select i.events_retained_from_id from installation i), ${workspaceBound(place)})`;
}

function workspaceBound(place: FeedPlace): SQL {
  if (place === "everywhere") return sql`(select max(w.events_retained_from_id) from workspaces w)`;
  // What is outside of all workspaces goes with the installation's own policy alone.
  if (place === "installation" || "userId" in place) return sql`null`;
  const ofWorkspace = (id: SQL) => sql`(select w.events_retained_from_id from workspaces w where w.id = ${id})`;
  return "workspaceId" in place
    ? ofWorkspace(sql`${place.workspaceId}::uuid`)
    : ofWorkspace(sql`(select p.workspace_id from projects p where p.id = ${place.projectId}::uuid)`);
}

const retainedTimes = statement<{ projectId: string; since: Date | null }>(`
  select p.id as "projectId", greatest(w.events_retained_since, i.events_retained_since) as since
  from projects p join workspaces w on w.id = p.workspace_id cross join installation i where p.id = any($1::uuid[])`);

/** The time from which on every event of a project is still there, by the project's id; null when none was ever removed. */
export async function retainedSince(
  connection: Connection,
  projectIds: readonly string[],
): Promise<Map<string, Date | null>> {
  const rows = await connection.run(retainedTimes, [projectIds]);
  return new Map(rows.map(({ projectId, since }) => [projectId, since]));
}
