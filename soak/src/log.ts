import { SUBJECT_CHANGED } from "@muster/events/testing/subjects.ts";
import type { LoggedFact } from "@muster/events/testing/validators.ts";
import type { Cluster } from "./cluster.ts";

/** An event as the log has it. */
export interface LogEntry extends LoggedFact {
  readonly type: string;
  readonly reason: string | null;
}

/** The events of a project with higher ids than `after`. */
export function readLog(cluster: Cluster, projectUuid: string, after = "0"): Promise<LogEntry[]> {
  return cluster.query<LogEntry>(
    `select id::text, xid::text, type, subject_id as "subjectId", subject_version as "subjectVersion", reason
     from events where project_id = $1 and id > $2 order by id`,
    [projectUuid, after],
  );
}

/** The ids of the project's events that came after the last one. */
export async function readLateIds(cluster: Cluster, projectUuid: string, last: LastEvent): Promise<Set<string>> {
  const late = await cluster.query<{ id: string }>(
    "select id::text from events where project_id = $1 and id <> $2 and not pg_visible_in_snapshot(xid, $3::pg_snapshot)",
    [projectUuid, last.id, last.seen],
  );
  return new Set(late.map(({ id }) => id));
}

/** The id of the newest event of all. */
export async function newestId(cluster: Cluster): Promise<string> {
  const [row] = await cluster.query<{ id: string }>("select coalesce(max(id), 0)::text as id from events");
  return row?.id ?? "0";
}

/** An event, and all that could be seen when it was written. */
export interface LastEvent {
  readonly id: string;
  readonly xid: string;
  readonly seen: string;
}

/**
 * Appends an event: whoever has it, and a bookmark after it, has all that could be seen then. What the servers still do by themselves
 * afterwards (an offer that was not started goes back) may or may not be among it.
 */
export async function appendLastEvent(cluster: Cluster, projectUuid: string): Promise<LastEvent> {
  const [row] = await cluster.query<LastEvent>(
    `insert into events (project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
     values ($1, '${SUBJECT_CHANGED}', gen_random_uuid(), 1, 'SYSTEM', 'writer', '{}') returning id::text, xid::text, pg_current_snapshot()::text as seen`,
    [projectUuid],
  );
  if (!row) throw new Error("The last event was not appended.");
  return row;
}
