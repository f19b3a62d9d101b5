import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLER_ROW, callerRow, inReachOf, ownCaller } from "../caller-rows.ts";
import { sqlArray, targetOf } from "../lifecycle-sql.ts";
import { oncePer } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { WrittenTogether } from "../written-together.ts";
import { MOVED } from "./moving-tasks.ts";
import { type MovedTask, movedTaskColumns } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/** An agent begins with what it was offered. */
export interface AttemptStart {
  readonly caller: Caller;
  readonly taskId: string;
  /** The fence. */
  readonly attempt: number;
}

const MOST_TOGETHER = 500;
const OFFERED = sqlArray(movesOf(taskLifecycle, "START").from);

/**
 * Starts offers, each for itself. $1 the starts as JSON, in the order of their tasks' ids, in which they are locked; $2 lease in ms.
 *
 * Of all moves the leanest, because every task is started: it takes no lock on agents, and changes no count of theirs. The version that is
 * compared makes sure that `old` is the row that is changed. Offers that an agent missed before are forgotten, unless somebody else has
 * its row just then: then the next start sees to that.
 */
const startAttempts = statement<MovedTask & { place: number }>(`
  with present as materialized (select clock_timestamp() as at),
  asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as k(place int, task_id uuid, attempt int, ${CALLER_ROW})
  ),
  moved as (
    update tasks t
    set state = ${targetOf(taskLifecycle, "START", "old.state")}, state_since = d.at, version = old.version + 1, started_at = d.at,
        lease_until = d.at + interval '1 millisecond' * $2::int, timeout_at = d.at + interval '1 millisecond' * old.timeout_ms
    from asked k
    cross join lateral (select o.* from tasks o where o.id = k.task_id offset 0) old
    cross join lateral (select greatest((select at from present), old.state_since) as at) d
    where t.id = k.task_id and t.version = old.version
      and old.attempt = k.attempt and old.state = any(${OFFERED}) and (k.actor_kind <> 'AGENT' or old.agent_id = k.actor_id)
      and ${inReachOf("k", "old")}
    returning ${MOVED}, k.place, old.state as origin, 'START'::text as action, ${ownCaller("k")}, null::text as reason, null::jsonb as failure,
              ${milliseconds("old.state_since", "d.at")} as duration_ms, false as follow_up
  ),
  forgotten as (
    update agents a set missed_offers = 0
    where a.id = any(array(
      select b.id from agents b where b.id = any(array(select m.agent_id from moved m)) and b.missed_offers > 0
      for no key update skip locked))
  ),
  happened as (${taskEvents("moved", ownCaller("m"))}),
  appended as (${appendEvents("happened")})
  select ${movedTaskColumns("m")}, m.place from moved m`);

/**
 * Starts what the caller was offered, together with what others start at the same time. Null when it is not offered that
 * attempt: find out why.
 */
export function startAttempt(runtime: Runtime, asked: AttemptStart): Promise<MovedTask | null> {
  return writerOf(runtime).add(asked);
}

const writerOf = oncePer(
  (runtime: Runtime): WrittenTogether<AttemptStart, MovedTask | null> =>
    new WrittenTogether({
      parallel: 2,
      most: MOST_TOGETHER,
      keyOf: ({ taskId }) => taskId,
      write: async (asked) => {
        const rows = asked
          .map(({ caller, taskId, attempt }, place) => ({ place, task_id: taskId, attempt, ...callerRow(caller) }))
          .sort((a, b) => (a.task_id < b.task_id ? -1 : 1));
        const moved = await runtime.database.run(startAttempts, [JSON.stringify(rows), runtime.settings.leaseMs]);
        if (moved.length > 0) runtime.committed();
        const byPlace = new Map(moved.map(({ place, ...task }): [number, MovedTask] => [place, task]));
        return asked.map((_, place) => byPlace.get(place) ?? null);
      },
    }),
);
