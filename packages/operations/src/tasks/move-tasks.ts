import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { GONE_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import type { Json } from "@muster/domain/json.ts";
import { type TaskAction, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { dropAgentFromRollbacks } from "../contexts/drop-agent-from-rollbacks.ts";
import type { Runtime } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { RELEASE_AGENTS } from "./hold-tasks.ts";
import { movesTable, sqlArray } from "../lifecycle-sql.ts";
import { ENDED, HELD, type Task, taskColumns, type TaskError } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/** A task after its move, and the state that a pending action led its agent to, because this was the last one it held. */
type MovedTask = Task & { readonly agentFired: AgentState | null };

interface MovesOptions {
  /** One of these fires on each task, by its state. RETRY and FAIL exclude each other, by the failures left. */
  readonly actions: readonly TaskAction[];
  /** Which tasks `t`: a condition with parameters from $14. Checked again once the task is locked: it is the fence. */
  readonly where: string;
  /** In batches: at most `limit` tasks in this order, and none that another transaction has locked. */
  readonly batch?: { readonly orderBy: string; readonly limit: number };
  /** Whether the agents let go of the tasks: false when the caller has locked and settles the agent itself. */
  readonly release?: boolean;
}

/** What a move sets besides the state. */
export interface Move {
  readonly reason?: string | null;
  readonly error?: TaskError;
  readonly output?: Json | null;
}

const BACKOFF = `(interval '1 millisecond' * (least(l.backoff_initial_ms * power(l.backoff_factor, l.failures), l.backoff_max_ms)
  * case when l.backoff_jitter then random() else 1 end))`;

/**
 * The one statement that moves tasks that exist (claiming apart), with all that follows: it locks the agents that hold
 * them, then the tasks, moves them by the lifecycle, releases the agents and appends the events. $1–$6 `callerValues`,
 * $7 reason, $8 error, $9 output, $10 retryable, $11 lease and $12 grace period in ms, $13 whether a pending action may fire.
 */
export function movesStatement({ actions, where, batch, release = true }: MovesOptions): Statement<MovedTask> {
  const skip = batch ? "skip locked" : "";
  const origins = sqlArray(actions.flatMap((action) => movesOf(taskLifecycle, action).from));
  const holders = release
    ? `select a.* from agents a where a.id in (select d.agent_id from due d where d.state = any(${HELD})) order by a.id for no key update ${skip}`
    : "select a.* from agents a where a.id in (select d.agent_id from due d)";
  return statement<MovedTask>(`
    with due as materialized (
      select t.id, t.agent_id, t.state from tasks t where t.state = any(${origins}) and ${inReach("t")} and ${where}
      ${batch ? `order by ${batch.orderBy} limit ${batch.limit}` : ""}
    ),
    holders as materialized (${holders}),
    locked as materialized (
      select t.* from due d join tasks t on t.id = d.id left join holders h on h.id = t.agent_id
      where ${where} and (t.state <> all(${HELD}) or (h.id is not null and ($13::boolean or h.pending_action is null)))
      order by t.id for no key update of t ${skip}
    ),
    chosen as materialized (
      select l.id, l.state, l.state_since, move.action, move.target, greatest(clock_timestamp(), l.state_since) as moved_at, ${BACKOFF} as backoff
      from locked l join ${movesTable(taskLifecycle, actions, "move")} on move.origin = l.state
      where move.action <> case when $10::boolean and l.failures + 1 < l.max_failures then 'FAIL' else 'RETRY' end
    ),
    moved as (
      update tasks t
      set state = c.target,
          state_since = c.moved_at,
          version = t.version + 1,
          failures = t.failures + (c.action in ('RETRY', 'FAIL'))::int,
          run_at = case when c.action = 'RETRY' then c.moved_at + c.backoff else t.run_at end,
          lease_until = case when c.action = 'START' then c.moved_at + interval '1 millisecond' * $11::int
                             when c.target = any(${HELD}) then t.lease_until end,
          timeout_at = case when c.action = 'START' then c.moved_at + interval '1 millisecond' * t.timeout_ms
                            when c.target = any(${HELD}) then t.timeout_at end,
          cancel_until = case when c.action = 'CANCEL' and c.target = any(${HELD}) then c.moved_at + interval '1 millisecond' * $12::int end,
          cancel_reason = case when c.action = 'CANCEL' then $7 else t.cancel_reason end,
          error = case when c.action in ('RETRY', 'FAIL') then $8::jsonb when c.action <> 'COMPLETE' then t.error end,
          output = case when c.action = 'COMPLETE' then $9::jsonb else t.output end,
          started_at = case when c.action = 'START' then c.moved_at else t.started_at end,
          finished_at = case when c.target = any(${ENDED}) then c.moved_at end
      from chosen c where t.id = c.id
      returning t.*, c.state as origin, c.action, $7::text as reason, case when c.action in ('RETRY', 'FAIL') then $8::jsonb end as failure,
                ${milliseconds("c.state_since", "c.moved_at")} as duration_ms
    ),
    tally as (
      select m.agent_id, count(*) filter (where m.origin = any(${HELD}) and m.state <> all(${HELD}))::int as ended,
             count(*) filter (where m.action = 'RETURN')::int as missed, bool_or(m.action = 'START') as started
      from moved m where m.origin = any(${HELD}) group by m.agent_id
    ),
    ${release ? `${RELEASE_AGENTS},` : ""}
    happened as (${taskEvents("moved")} ${release ? "union all select * from agent_events" : ""}),
    appended as (${appendEvents("happened")})
    select ${taskColumns("m")}, ${release ? "r.fired" : "null::text"} as "agentFired"
    from moved m ${release ? "left join released r on r.id = m.agent_id" : ""}`);
}

/**
 * Moves one task. Null when there is no such task, or it is not where the statement's condition wants it: find out why.
 * One statement, unless the agent has a pending action: that may have effects which need a transaction.
 */
export async function moveTask(
  runtime: Runtime,
  caller: Caller,
  moves: Statement<MovedTask>,
  move: Move,
  values: readonly unknown[],
): Promise<Task | null> {
  const [moved] = await runtime.database.run(moves, [...moveValues(runtime.settings, caller, move, false), ...values]);
  if (!moved) return (await moveTasks(runtime, caller, moves, move, values))[0] ?? null;
  runtime.committed();
  const { agentFired: _, ...task } = moved;
  return task;
}

/** Moves all tasks that the statement finds, and does what follows when that lets agents go. */
export async function moveTasks(
  runtime: Runtime,
  caller: Caller,
  moves: Statement<MovedTask>,
  move: Move,
  values: readonly unknown[],
): Promise<Task[]> {
  const moved = await runtime.database.transaction(async (transaction) => {
    const rows = await transaction.run(moves, [...moveValues(runtime.settings, caller, move, true), ...values]);
    const gone = rows
      .filter((row) => GONE_STATES.some((state) => state === row.agentFired))
      .map((row) => row.agentId ?? "");
    for (const agentId of [...new Set(gone)].sort()) await dropAgentFromRollbacks(transaction, caller, agentId);
    return rows.map(({ agentFired: _, ...task }) => task);
  });
  if (moved.length > 0) runtime.committed();
  return moved;
}

/** The values of $1 to $13 of a `movesStatement`. */
export function moveValues(
  { leaseMs, cancelGraceMs }: Pick<OperationSettings, "leaseMs" | "cancelGraceMs">,
  caller: Caller,
  move: Move,
  firePending: boolean,
): unknown[] {
  const error = move.error ? JSON.stringify(move.error) : null;
  const output = move.output === undefined || move.output === null ? null : JSON.stringify(move.output);
  const retryable = move.error?.retryable ?? false;
  return [...callerValues(caller), move.reason ?? null, error, output, retryable, leaseMs, cancelGraceMs, firePending];
}
