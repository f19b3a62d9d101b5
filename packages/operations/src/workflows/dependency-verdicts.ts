import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import type { DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { ENDED } from "../tasks/task.ts";

/** What has become of the condition of a task that waits. It is final: what has ended stays as it is. */
export interface Verdict {
  readonly taskId: string;
  /** True: it may run. False: it never will, because of `lost`. */
  readonly ready: boolean;
  /** The first of the tasks it waits for that ended without success; null when none did. */
  readonly lostId: string | null;
  readonly lostState: TaskState | null;
  /** The tasks it waits for, of those that were asked about. */
  readonly causes: readonly string[];
}

/** Most verdicts of one call. */
export const MOST_VERDICTS = 1_000;

/** SQL over the tasks `n` that one task depends on: when it is ready, and when it no longer can be. */
const CONDITIONS: Readonly<Record<DependencyCondition, { readonly ready: string; readonly never: string }>> = {
  ALL_SUCCEEDED: { ready: "bool_and(n.succeeded)", never: "bool_or(n.ended and not n.succeeded)" },
  ANY_SUCCEEDED: { ready: "bool_or(n.succeeded)", never: "bool_and(n.ended and not n.succeeded)" },
  ALL_ENDED: { ready: "bool_and(n.ended)", never: "false" },
};

const BY_CONDITION = Object.entries(CONDITIONS)
  .map(([name, { ready, never }]) => `when '${name}' then case when ${ready} then true when ${never} then false end`)
  .join(" ");

function verdictStatement(waiting: string): Statement<Verdict> {
  const lost = (column: string) =>
    `(array_agg(n.${column} order by n.finished_at, n.id) filter (where n.ended and not n.succeeded))[1]`;
  return statement<Verdict>(`
    with waiting as materialized (${waiting})
    select w.id as "taskId", v.ready, v.lost_id as "lostId", v.lost_state as "lostState", w.causes
    from waiting w cross join lateral (
      select case w.dependency_condition ${BY_CONDITION} end as ready, ${lost("id")} as lost_id, ${lost("state")} as lost_state
      from (
        select o.id, o.state, o.finished_at, o.state = any(${ENDED}) as ended, o.state = 'SUCCEEDED' as succeeded
        from task_dependencies d join tasks o on o.id = d.depends_on_id where d.task_id = w.id
      ) n
    ) v
    where v.ready is not null
    order by w.id limit ${MOST_VERDICTS}`);
}

// From the dependencies to the tasks, whatever the planner believes about how many wait.
const onDependents = verdictStatement(`
  select t.id, t.dependency_condition, d.causes
  from (
    select d.task_id, array_agg(d.depends_on_id) as causes from task_dependencies d where d.depends_on_id = any($1::uuid[]) group by d.task_id
  ) d cross join lateral (
    select t.id, t.dependency_condition from tasks t where t.id = d.task_id and t.state = 'WAITING' limit 1
  ) t`);

const onTasks = verdictStatement(`
  select t.id, t.dependency_condition, '{}'::uuid[] as causes from tasks t where t.id = any($1::uuid[]) and t.state = 'WAITING'`);

/** The verdicts on those that wait for these tasks, as far as there are any yet. */
export function verdictsOnDependents(connection: Connection, taskIds: readonly string[]): Promise<Verdict[]> {
  return connection.run(onDependents, [taskIds]);
}

/** The verdicts on these tasks themselves. */
export function verdictsOnTasks(connection: Connection, taskIds: readonly string[]): Promise<Verdict[]> {
  return connection.run(onTasks, [taskIds]);
}
