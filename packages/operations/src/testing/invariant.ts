/** Something that holds in every snapshot of the database, whatever runs and whatever was killed. */
export interface Invariant {
  /** What a violation is reported as. */
  readonly name: string;
  /** What holds. */
  readonly sentence: string;
  /** Selects what breaks it: `subject` (uuid) and `detail` (text), from the CTEs of `WITH_HISTORIES`. */
  readonly broken: string;
}

/**
 * The rows that invariants look at, of project $1 or, where it is null, of all: `task` and `agent` (the rows), `step` and
 * `turn` (the transitions of tasks and of agents, each with what its subject's previous one said as `…_before` and its `place`
 * among them), `latest_step`, and `holding` (how many tasks each agent holds).
 */
export const WITH_HISTORIES = `
  task as materialized (select * from tasks where $1::uuid is null or project_id = $1),
  agent as materialized (select * from agents where $1::uuid is null or project_id = $1),
  transition as materialized (
    select e.id, e.type, e.subject_id as subject, e.subject_version as version, e.agent_id, e.at, e.payload ->> 'action' as action,
      e.payload ->> 'from' as origin, e.payload ->> 'to' as target, (e.payload ->> 'attempt')::int as attempt,
      (e.payload ->> 'durationMs')::numeric as duration_ms
    from events e where e.type in ('task.transitioned', 'agent.transitioned') and ($1::uuid is null or e.project_id = $1)
  ),
  told as materialized (
    select e.*, row_number() over w as place, lag(e.id) over w as id_before, lag(e.target) over w as target_before, lag(e.at) over w as at_before,
      lag(e.attempt) over w as attempt_before, lag(e.agent_id) over w as agent_before
    from transition e window w as (partition by e.type, e.subject order by e.version, e.id)
  ),
  step as materialized (select * from told where type = 'task.transitioned'),
  turn as materialized (select * from told where type = 'agent.transitioned'),
  latest_step as materialized (select distinct on (subject) * from step order by subject, version desc, id desc),
  holding as materialized (
    select agent_id, count(*)::int as count from task where state in ('ASSIGNED', 'RUNNING', 'CANCELLING') group by agent_id
  )`;
