import { statement } from "@muster/database/statement.ts";
import type { Json } from "@muster/domain/json.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLERS, firstCaller, ownCaller } from "../caller-rows.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { GATHER_MS, inPlaces, WrittenTogether } from "../written-together.ts";
import { HALVES, halfOf, LOCKS_MANY, turnsOf } from "./agent-turns.ts";
import { endAlone } from "./end-attempt.ts";
import { REST_AGENTS } from "./hold-tasks.ts";
import { ASKED_ATTEMPTS, attemptValues, type CalledAttempt, dueAttempts } from "./lean-moves.ts";
import { workChanged } from "./local-work.ts";
import { MOVED } from "./moving-tasks.ts";
import { type MovedTask, movedTaskColumns } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/** A run went well. */
export interface AttemptCompletion extends CalledAttempt {
  readonly output: Json | null;
}

const MOST_TOGETHER = 500;

/**
 * Completes runs, each for itself. $1 the callers, $2 tasks, $3 attempts, $4 their callers, $5 the outputs as one JSON array, or an empty one
 * when none has any.
 *
 * Lean as the start is, because nearly every run ends so: agents that have an action pending, which may fire now, are left out. The agents are
 * locked before their tasks, as everywhere; the version that is compared then says whether what was found before is still so.
 */
const completeAttempts = statement<MovedTask & { place: number }>(`
  with ${CALLERS},
  asked as materialized (${ASKED_ATTEMPTS}),
  due as materialized (${dueAttempts("COMPLETE")}),
  holders as materialized (
    select a.id, a.workspace_id, a.project_id, a.state, a.state_since, a.version, a.active_tasks, a.labels, a.pending_action
    from agents a where a.id = any(array(select d.agent_id from due d)) order by a.id for no key update
  ),
  ending as materialized (
    select d.*, h.labels, ($5::jsonb) -> d.place as output, greatest(clock_timestamp(), d.state_since) as moved_at
    from due d join holders h on h.id = d.agent_id where h.pending_action is null
  ),
  moved as (
    update tasks t
    set state = ${targetOf(taskLifecycle, "COMPLETE", "e.state")}, state_since = e.moved_at, version = e.version + 1, finished_at = e.moved_at,
        concurrency_slot = null, lease_until = null, timeout_at = null, cancel_until = null, error = null, output = nullif(e.output, 'null'),
        result_expires_at = e.moved_at + interval '1 millisecond' * t.result_ttl_ms
    from ending e where t.id = e.task_id and t.version = e.version and t.attempt = e.attempt
    returning ${MOVED}, e.place, e.labels, e.state as origin, 'COMPLETE'::text as action, ${ownCaller("e")}, null::text as reason,
              null::jsonb as failure, ${milliseconds("e.state_since", "e.moved_at")} as duration_ms,
              (t.has_dependents or t.workflow_id is not null or t.concurrency_key is not null) as follow_up
  ),
  followed as (
    insert into task_follow_ups (task_id) select m.id from moved m where m.follow_up
  ),
  tally as (
    select m.agent_id, count(*)::int as ended, ${firstCaller("m")}
    from moved m group by m.agent_id
  ),
  ${REST_AGENTS},
  happened as (${taskEvents("moved", ownCaller("m"), "m.labels")} union all select * from agent_events),
  appended as (${appendEvents("happened")})
  select ${movedTaskColumns("m")}, m.place from moved m`);

/**
 * Completes the run of a task, together with what other agents say at the same time. Null when the caller does not hold that
 * attempt, or its state does not allow it: find out why.
 */
export async function completeAttempt(runtime: Runtime, asked: AttemptCompletion): Promise<MovedTask | null> {
  const moved = await completionsOf(runtime).add(asked);
  if (moved) return moved;
  const { caller, taskId, attempt, output } = asked;
  return endAlone(runtime, { caller, taskId, attempt, actions: ["COMPLETE"], move: { output } });
}

type Writer = WrittenTogether<AttemptCompletion, MovedTask | null>;

/** The completions of this process. While there are few, one statement for all agents costs less; many go by halves of the agents. */
class Completions {
  readonly #ofAll: Writer;
  readonly #ofHalves: readonly Writer[];
  #underWay = 0;

  constructor(runtime: Runtime) {
    this.#ofAll = writer(runtime, null);
    this.#ofHalves = Array.from({ length: HALVES }, (_, half) => writer(runtime, half));
  }

  async add(asked: AttemptCompletion): Promise<MovedTask | null> {
    const { actor } = asked.caller;
    const half = actor.kind === "AGENT" && actor.id !== null ? halfOf(actor.id) : 0;
    const chosen = this.#underWay < LOCKS_MANY ? this.#ofAll : (this.#ofHalves[half] ?? this.#ofAll);
    this.#underWay += 1;
    try {
      return await chosen.add(asked);
    } finally {
      this.#underWay -= 1;
    }
  }
}

const completionsOf = oncePerProcess((runtime) => new Completions(runtime));

function writer(runtime: Runtime, half: number | null): Writer {
  return new WrittenTogether({
    // They lock agents, and would wait for each other's commits.
    parallel: 1,
    // What an agent begins with is waited for more than what it has done with.
    gatherMs: 2 * GATHER_MS,
    most: MOST_TOGETHER,
    bytesOf: ({ output }) => (output === null ? 0 : JSON.stringify(output).length),
    keyOf: ({ taskId }) => taskId,
    write: async (asked) => {
      const outputs = asked.some(({ output }) => output !== null) ? asked.map(({ output }) => output) : [];
      const values = [...attemptValues(asked), JSON.stringify(outputs)];
      const write = () => runtime.database.run(completeAttempts, values);
      const rows =
        half === null || asked.length < LOCKS_MANY ? await write() : await turnsOf(runtime).take(half, write);
      if (rows.length > 0) runtime.committed();
      workChanged(
        runtime,
        rows.map(({ id, projectId, version, agentId }) => ({ id, projectId, version, completedBy: agentId })),
      );
      return inPlaces(asked, rows);
    },
  });
}
