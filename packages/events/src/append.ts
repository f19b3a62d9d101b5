/** The columns that a source of events has to have, in any order. */
const COLUMNS = [
  "workspace_id",
  "project_id",
  "type",
  "subject_id",
  "subject_version",
  "agent_id",
  "task_id",
  "context_id",
  "actor_kind",
  "actor_id",
  "actor_name",
  "reason",
  "correlation_id",
  "credential_id",
  "address",
  "payload",
  "labels",
  "at",
].join(", ");

/**
 * The only way to write to the log: SQL that appends one event for each row of `source`, a CTE of the statement that makes
 * the change. The rows need every column of `COLUMNS`, or the statement fails; the events of one subject are numbered in
 * the order of its versions. `labels` are those of the agent `agent_id`, as it is after the change; null without one.
 *
 *     with moved as (update agents … returning *),
 *          happened as (select …, 'agent.transitioned' as type, … from moved),
 *          appended as (${appendEvents("happened")})
 *     select … from moved
 */
export function appendEvents(source: string): string {
  return `insert into events (${COLUMNS}) select ${COLUMNS} from ${source} order by subject_id, subject_version`;
}
