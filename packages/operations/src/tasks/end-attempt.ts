import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { TaskAction } from "@muster/domain/task-lifecycle.ts";
import { CALLER_ROW, callerRow, inReachOf, ownCaller } from "../caller-rows.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { inPlaces, WrittenTogether } from "../written-together.ts";
import { committed, dropGoneAgents, type Move, type MovedRow } from "./move-tasks.ts";
import { movingTasks, originsOf, TO_MOVE } from "./moving-tasks.ts";
import { HELD, type MovedTask, movedTaskColumns } from "./task.ts";

/** What an agent says at the end of a run: one of `actions` fires, by the task's state and the failures left. */
export interface AttemptEnd {
  readonly caller: Caller;
  readonly taskId: string;
  /** The fence. */
  readonly attempt: number;
  readonly actions: readonly TaskAction[];
  readonly move: Move;
}

const ACTIONS = ["COMPLETE", "RETRY", "FAIL", "CONFIRM"] as const satisfies readonly TaskAction[];

// `offset 0` keeps all conditions but the id's from the choice of an index; `limit 1` keeps the planner from expecting hardly any row, and from
// nested loops over all of them.
// $1 the ends as JSON.
function endAttempts<Row>(pendingMayFire: boolean): Statement<Row> {
  return statement<Row>(`
    with asked as materialized (
      select * from jsonb_to_recordset($1::jsonb) as k(place int, task_id uuid, attempt int, actions text[], reason text, error jsonb,
        retryable boolean, output jsonb, ${CALLER_ROW})
    ),
    due as materialized (
      select k.*, t.agent_id as holder_id
      from asked k cross join lateral (
        select t.agent_id from (select t.* from tasks t where t.id = k.task_id offset 0) t
        where t.attempt = k.attempt and t.state = any(${HELD}) and (k.actor_kind <> 'AGENT' or t.agent_id = k.actor_id)
          and ${inReachOf("k", "t")}
        limit 1
      ) t
    ),
    holders as materialized (
      select a.* from agents a
      where a.id = any(array(select d.holder_id from due d))
      order by a.id for no key update
    ),
    mine as materialized (
      select d.* from due d join holders h on h.id = d.holder_id
      ${pendingMayFire ? "" : "where h.pending_action is null"}
    ),
    locked as materialized (
      select ${TO_MOVE}, ${ownCaller("d")}, d.place, d.actions as move_actions, d.reason as move_reason, d.error as move_error,
             d.retryable as move_retryable, d.output as move_output, 0 as grace_ms
      from (select * from mine order by task_id) d cross join lateral (
        select t.* from (select t.* from tasks t where t.id = d.task_id offset 0 for no key update) t
        where t.attempt = d.attempt and t.agent_id = d.holder_id and t.state = any(${originsOf(ACTIONS)})
        limit 1
      ) t
    ),
    ${movingTasks(ACTIONS, true)}
    select ${movedTaskColumns("m")}, m.place ${pendingMayFire ? ', (select r.fired from released r where r.id = m.agent_id) as "agentFired"' : ""}
    from moved m`);
}

type Placed = { readonly place: number };
/** What is written together: agents that have something pending are left out. */
const together = endAttempts<MovedTask & Placed>(false);
const alone = endAttempts<MovedRow & Placed>(true);

const MOST_TOGETHER = 500;

/**
 * Ends the run of a task, together with what other agents say at the same time: when it did not go well, else `completeAttempt` costs
 * less. Null when the caller does not hold that attempt, or its state allows none of the actions: find out why.
 */
export async function endAttempt(runtime: Runtime, asked: AttemptEnd): Promise<MovedTask | null> {
  const moved = await writerOf(runtime).add(asked);
  return moved ?? (await endAlone(runtime, asked));
}

const writerOf = oncePerProcess(
  (runtime: Runtime): WrittenTogether<AttemptEnd, MovedTask | null> =>
    new WrittenTogether({
      // They lock agents, and would wait for each other's commits.
      parallel: 1,
      most: MOST_TOGETHER,
      bytesOf: ({ move }) => move.error?.message.length ?? 0,
      keyOf: ({ taskId }) => taskId,
      write: async (asked) => {
        const rows = await runtime.database.run(together, valuesOf(asked));
        committed(runtime, rows);
        return inPlaces(asked, rows);
      },
    }),
);

/** In a transaction: when the agent has a pending action, which may fire now, there are effects that need one. */
export async function endAlone(runtime: Runtime, asked: AttemptEnd): Promise<MovedTask | null> {
  const moved = await runtime.database.transaction(async (transaction) => {
    const rows = await transaction.run(alone, valuesOf([asked]));
    await dropGoneAgents(transaction, asked.caller, rows);
    return rows.map(({ agentFired: _, place: __, ...task }): MovedTask => task);
  });
  committed(runtime, moved);
  return moved[0] ?? null;
}

function valuesOf(asked: readonly AttemptEnd[]): unknown[] {
  const rows = asked.map(({ caller, taskId, attempt, actions, move }, place) => ({
    place,
    task_id: taskId,
    attempt,
    actions,
    reason: move.reason ?? null,
    error: move.error ?? null,
    retryable: move.error?.retryable ?? false,
    output: move.output ?? null,
    ...callerRow(caller),
  }));
  return [JSON.stringify(rows)];
}
