import type { Caller } from "@muster/domain/actor.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { type TaskAction, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { arrayOf } from "../array-of.ts";
import { inReachOf, numbered } from "../caller-rows.ts";
import { sqlArray } from "../lifecycle-sql.ts";

/** One run of a task, and who says something of it. */
export interface CalledAttempt {
  readonly caller: Caller;
  readonly taskId: string;
  /** The fence. */
  readonly attempt: number;
}

/** The values of `CALLERS` and `ASKED_ATTEMPTS`: $1 to $4. */
export function attemptValues(asked: readonly CalledAttempt[]): unknown[] {
  const { rows, numbers } = numbered(asked.map(({ caller }) => caller));
  return [
    rows,
    arrayOf(asked.map(({ taskId }) => taskId)),
    arrayOf(asked.map(({ attempt }) => attempt)),
    arrayOf(numbers),
  ];
}

/**
 * A select of the attempts in $2 to $4, with `place` from 0 in their order, and their callers. The arrays are sub-selects so that the planner
 * does not see how long they are: it would make a new plan for each call with fewer than it expects, which costs more than the call.
 */
export const ASKED_ATTEMPTS = `
  select k.task_id, k.attempt, k.place::int - 1 as place, c.*
  from unnest((select $2::uuid[]), (select $3::int[]), (select $4::int[])) with ordinality as k(task_id, attempt, caller, place) join callers c on c.number = k.caller`;

/**
 * A select of those of the CTE `asked` (`ASKED_ATTEMPTS`) that `action` may move: of that attempt, in a state that it leads on from, and the caller's own.
 * With what the move has to know of the task as it was found. `offset 0` keeps all conditions but the id's from the choice of an
 * index.
 */
export function dueAttempts(action: TaskAction): string {
  return `
    select k.*, t.agent_id, t.version, t.state, t.state_since, t.found_at from asked k cross join lateral (
      select t.state, t.state_since, t.version, t.attempt, t.agent_id, t.workspace_id, t.project_id,
             greatest(clock_timestamp(), t.state_since) as found_at
      from tasks t where t.id = k.task_id offset 0
    ) t
    where t.attempt = k.attempt and t.state = any(${sqlArray(movesOf(taskLifecycle, action).from)})
      and (k.actor_kind <> 'AGENT' or t.agent_id = k.actor_id) and ${inReachOf("k", "t")}`;
}
