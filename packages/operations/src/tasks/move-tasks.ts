import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { GONE_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { Connection } from "@muster/database/database.ts";
import type { Json } from "@muster/domain/json.ts";
import { HELD_STATES, type TaskAction } from "@muster/domain/task-lifecycle.ts";
import { dropAgentFromRollbacks } from "../contexts/rollbacks/drop-agent-from-rollbacks.ts";
import type { Runtime } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { CALLER_COLUMNS, callerValues, inReach } from "../caller-values.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { workChanged } from "./local-work.ts";
import { movingTasks, originsOf, TO_MOVE } from "./moving-tasks.ts";
import { HELD, type MovedTask, movedTaskColumns, type TaskError } from "./task.ts";

/** A task after its move, and the state that a pending action led its agent to, because this was the last one it held. */
export type MovedRow = MovedTask & { readonly agentFired: AgentState | null };

interface MovesOptions {
  /** One of these fires on each task, by its state. RETRY and FAIL exclude each other, by the failures left. */
  readonly actions: readonly TaskAction[];
  /** Which tasks `t`: a condition with parameters from $13. Checked again once the task is locked: it is the fence. */
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

/**
 * The statement that moves the tasks that a condition names, all alike: it locks the agents that hold them, then the tasks, and
 * moves them (`movingTasks`). $1–$6 `callerValues`, $7 reason, $8 error, $9 output, $10 retryable, $11 grace period in ms,
 * $12 whether a pending action may fire.
 */
export function movesStatement({ actions, where, batch, release = true }: MovesOptions): Statement<MovedRow> {
  const skip = batch ? "skip locked" : "";
  const holders = release
    ? `select a.* from agents a where a.id = any(array(select d.agent_id from due d where d.state = any(${HELD}))) order by a.id for no key update ${skip}`
    : "select a.* from agents a where a.id = any(array(select d.agent_id from due d))";
  return statement<MovedRow>(`
    with due as materialized (
      select t.id, t.agent_id, t.state from tasks t where t.state = any(${originsOf(actions)}) and ${inReach("t")} and ${where}
      ${batch ? `order by ${batch.orderBy} limit ${batch.limit}` : ""}
    ),
    holders as materialized (${holders}),
    locked as materialized (
      select ${TO_MOVE}, ${CALLER_COLUMNS}, ${sqlArray(actions)} as move_actions, $7::text as move_reason, $8::jsonb as move_error,
             $10::boolean as move_retryable, $9::jsonb as move_output, $11::int as grace_ms, 0 as place
      from due d join tasks t on t.id = d.id left join holders h on h.id = t.agent_id
      where ${where} and (t.state <> all(${HELD}) or (h.id is not null and ($12::boolean or h.pending_action is null)))
      order by t.id for no key update of t ${skip}
    ),
    ${movingTasks(actions, release)}
    select ${movedTaskColumns("m")}, ${release ? "r.fired" : "null::text"} as "agentFired"
    from moved m ${release ? "left join released r on r.id = m.agent_id" : ""}`);
}

/**
 * Moves one task. Null when there is no such task, or it is not where the statement's condition wants it: find out why.
 * One statement, unless the agent has a pending action: that may have effects which need a transaction.
 */
export async function moveTask(
  runtime: Runtime,
  caller: Caller,
  moves: Statement<MovedRow>,
  move: Move,
  values: readonly unknown[],
): Promise<MovedTask | null> {
  const [moved] = await runtime.database.run(moves, [...moveValues(runtime.settings, caller, move, false), ...values]);
  if (!moved) return (await moveTasks(runtime, caller, moves, move, values))[0] ?? null;
  const { agentFired: _, ...task } = moved;
  committed(runtime, [task]);
  return task;
}

/** Moves all tasks that the statement finds, and does what follows when that lets agents go. */
export async function moveTasks(
  runtime: Runtime,
  caller: Caller,
  moves: Statement<MovedRow>,
  move: Move,
  values: readonly unknown[],
): Promise<MovedTask[]> {
  const moved = await runtime.database.transaction(async (transaction) => {
    const rows = await transaction.run(moves, [...moveValues(runtime.settings, caller, move, true), ...values]);
    await dropGoneAgents(transaction, caller, rows);
    return rows.map(({ agentFired: _, ...task }) => task);
  });
  committed(runtime, moved);
  return moved;
}

/** Agents that a pending action has led away drop out of the rollbacks that wait for them. */
export async function dropGoneAgents(
  transaction: Connection,
  caller: Caller,
  moved: readonly MovedRow[],
): Promise<void> {
  const gone = moved
    .filter((row) => GONE_STATES.some((state) => state === row.agentFired))
    .map((row) => row.agentId ?? "");
  for (const agentId of [...new Set(gone)].sort()) await dropAgentFromRollbacks(transaction, caller, agentId);
}

/** Tells those who wait for work or room in this process: a task is queued, or its agent has let it go. */
export function committed(runtime: Runtime, moved: readonly MovedTask[]): void {
  if (moved.length > 0) runtime.committed();
  workChanged(
    runtime,
    moved.filter(({ state }) => !HELD_STATES.some((held) => held === state)),
  );
}

/** The values of $1 to $12 of a `movesStatement`. */
export function moveValues(
  { cancelGraceMs }: Pick<OperationSettings, "cancelGraceMs">,
  caller: Caller,
  move: Move,
  firePending: boolean,
): unknown[] {
  const error = move.error ? JSON.stringify(move.error) : null;
  const output = move.output === undefined || move.output === null ? null : JSON.stringify(move.output);
  const retryable = move.error?.retryable ?? false;
  return [...callerValues(caller), move.reason ?? null, error, output, retryable, cancelGraceMs, firePending];
}
