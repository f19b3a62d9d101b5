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

/** The id of the newest event of all. */
export async function newestId(cluster: Cluster): Promise<string> {
  const [row] = await cluster.query<{ id: string }>("select coalesce(max(id), 0)::text as id from events");
  return row?.id ?? "0";
}

/** Appends an event to a project that nobody writes to any more: whoever has it, and a bookmark after it, has everything. */
export async function appendLastEvent(cluster: Cluster, projectUuid: string): Promise<{ id: string; xid: string }> {
  const [row] = await cluster.query<{ id: string; xid: string }>(
    `insert into events (project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
     values ($1, '${SUBJECT_CHANGED}', gen_random_uuid(), 1, 'SYSTEM', 'writer', '{}') returning id::text, xid::text`,
    [projectUuid],
  );
  if (!row) throw new Error("The last event was not appended.");
  return row;
}
