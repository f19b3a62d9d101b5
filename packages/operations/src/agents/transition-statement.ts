import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type AgentAction, type AgentState, RUNNING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { hasNoQuota } from "../quotas/require-room.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";

const RUNNING = sqlArray(RUNNING_STATES);

/**
 * CTEs that log the transitions in `moved`: rows of `agents` with `from_state`, `from_since`, `action`, `mode`, `error`
 * and `reason`.
 */
export const LOG_TRANSITIONS = `
  happened as (${agentEvents("moved", {
    type: "agent.transitioned",
    payload: `jsonb_build_object('from', from_state, 'to', state, 'action', action,
      'durationMs', round(extract(epoch from state_since - from_since) * 1000, 3))
      || jsonb_strip_nulls(jsonb_build_object('mode', mode, 'error', error))`,
    reason: "reason",
    at: "state_since",
  })}),
  appended as (${appendEvents("happened")})`;

/** It runs already, does not run then either, or its workspace does not limit how many do. */
const NOT_LIMITED = `(old.state = any(${RUNNING}) or ($11::text[])[array_position($10::text[], old.state)] <> all(${RUNNING})
      or ${hasNoQuota("maxRunningAgents", "old.workspace_id")})`;

/**
 * Moves one agent by one action, when it is in one of the states `from`, and logs it. No row: it is not, or not there.
 * The versions compared make sure that `old` is the row that is changed: a row changed meanwhile gives no row.
 */
export const transitionStatement = statement<Agent>(`
  with moved as (
    update agents a
    set state = ($11::text[])[array_position($10::text[], old.state)],
        state_since = greatest(clock_timestamp(), old.state_since),
        version = old.version + 1,
        last_error = coalesce($13, a.last_error),
        error_count = a.error_count + ($13::text is not null)::int,
        pending_action = case when $16::boolean then null else a.pending_action end,
        pending_reason = case when $16 then null else a.pending_reason end,
        pending_since = case when $16 then null else a.pending_since end,
        pending_actor = case when $16 then null else a.pending_actor end
    from agents old
    where old.id = $8 and a.id = $8 and a.version = old.version and ${inReach("old")}
      and old.state = any($10) and ($14::text is null or old.state = $14)
      and (not $15::boolean or (a.active_tasks = 0 and a.pending_action is null and ${NOT_LIMITED}))
    returning a.*, old.state as from_state, old.state_since as from_since, $9::text as action, $12::text as mode, $13::text as error,
              $7::text as reason
  ), ${LOG_TRANSITIONS}
  select ${agentColumns("moved")} from moved`);

export interface Transition {
  readonly agentId: string;
  readonly action: AgentAction;
  /** `from[i]` leads to `to[i]`. */
  readonly from: readonly AgentState[];
  readonly to: readonly AgentState[];
  readonly reason: string | null;
  readonly mode?: "DRAIN" | "NOW" | null;
  /** Set when the agent enters ERROR: recorded and counted. */
  readonly error?: string | null;
  readonly expectedState?: AgentState | null;
  /** Only while it holds no task and nothing is pending, so that nothing has to follow, and where no quota has to be locked. */
  readonly quiet?: boolean;
  /** Whether a pending action is taken off. */
  readonly clearPending?: boolean;
}

/** The values of `transitionStatement`. */
export function transitionValues(caller: Caller, transition: Transition): unknown[] {
  return [
    ...callerValues(caller),
    transition.reason,
    transition.agentId,
    transition.action,
    transition.from,
    transition.to,
    transition.mode ?? null,
    transition.error ?? null,
    transition.expectedState ?? null,
    transition.quiet ?? false,
    transition.clearPending ?? false,
  ];
}
