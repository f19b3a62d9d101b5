import { statement } from "@muster/database/statement.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLERS, ownCaller } from "../caller-rows.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { GATHER_MS, inPlaces, WrittenTogether } from "../written-together.ts";
import { ASKED_ATTEMPTS, attemptValues, type CalledAttempt, dueAttempts } from "./lean-moves.ts";
import { MOVED } from "./moving-tasks.ts";
import { type MovedTask, movedTaskColumns } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

const MOST_TOGETHER = 500;

/**
 * Starts offers, each for itself. $1 the callers, $2 tasks, $3 attempts, $4 their callers, $5 lease in ms.
 *
 * Of all moves the leanest, because every task is started: it takes no lock on agents, and changes no count of theirs. The version that is
 * compared makes sure that what was found is the row that is changed. Offers that an agent missed before are forgotten, unless somebody else has
 * its row just then: then the next start sees to that.
 */
const startAttempts = statement<MovedTask & { place: number }>(`
  with ${CALLERS},
  asked as materialized (${ASKED_ATTEMPTS}),
  due as materialized (${dueAttempts("START")}),
  moved as (
    update tasks t
    set state = ${targetOf(taskLifecycle, "START", "d.state")}, state_since = d.found_at, version = d.version + 1, started_at = d.found_at,
        lease_until = d.found_at + interval '1 millisecond' * $5::int, timeout_at = d.found_at + interval '1 millisecond' * t.timeout_ms
    from due d where t.id = d.task_id and t.version = d.version and t.attempt = d.attempt
    returning ${MOVED}, d.place, d.state as origin, 'START'::text as action, ${ownCaller("d")}, null::text as reason, null::jsonb as failure,
              ${milliseconds("d.state_since", "d.found_at")} as duration_ms, false as follow_up
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
 * An agent begins with what it was offered, together with what others start at the same time. Null when it is not offered that
 * attempt: find out why.
 */
export function startAttempt(runtime: Runtime, asked: CalledAttempt): Promise<MovedTask | null> {
  return writerOf(runtime).add(asked);
}

const writerOf = oncePerProcess(
  (runtime: Runtime): WrittenTogether<CalledAttempt, MovedTask | null> =>
    new WrittenTogether({
      parallel: 2,
      gatherMs: GATHER_MS,
      most: MOST_TOGETHER,
      keyOf: ({ taskId }) => taskId,
      write: async (asked) => {
        const moved = await runtime.database.run(startAttempts, [...attemptValues(asked), runtime.settings.leaseMs]);
        if (moved.length > 0) runtime.committed();
        return inPlaces(asked, moved);
      },
    }),
);
