import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type SQL, sql } from "drizzle-orm";

/** Retention has removed events that come after a position: who stands there has to read the state again. */
export class EventsRemoved extends Error {
  override readonly name = "EventsRemoved";
}

/**
 * SQL (bigint): events with lower ids may have been removed, of this project, or of any where none is given. It is raised
 * and committed before the first of them goes; so a statement that no longer sees them sees the bound.
 */
export function retainedFromId(projectId?: string): SQL {
  const ofWorkspaces =
    projectId === undefined
      ? sql`(select max(w.events_retained_from_id) from workspaces w)`
      : sql`(select w.events_retained_from_id from projects p join workspaces w on w.id = p.workspace_id where p.id = ${projectId}::uuid)`;
  return sql`greatest((select i.events_retained_from_id from installation i), ${ofWorkspaces})`;
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
