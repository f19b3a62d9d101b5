import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import {
  agentLifecycle,
  type AgentState,
  ERROR_STATE,
  GONE_STATES,
  WORKING_STATES,
} from "@muster/domain/agent-lifecycle.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { systemCaller } from "../authorize.ts";
import { dropAgentFromRollbacks } from "../contexts/rollbacks/drop-agent-from-rollbacks.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { sqlArray, targetOf } from "../lifecycle-sql.ts";
import { LOG_TRANSITIONS } from "./transition-statement.ts";

interface LostAgent {
  readonly id: string;
  readonly state: AgentState;
}

const BATCH = 500;
/** States of agents that have been asked to come up and have not: lost, they are at fault. */
const COMING_UP = movesOf(agentLifecycle, "LOSE").from.filter(
  (state) => !WORKING_STATES.some((working) => working === state),
);

/** Loses at most `BATCH` agents. Skips those that something else is moving: any number of replicas may run it at once. */
function loseStatement(states: readonly AgentState[], silent: string, why: string): Statement<LostAgent> {
  return statement<LostAgent>(`
    with silent as materialized (
      select a.*, ${targetOf(agentLifecycle, "LOSE", "a.state")} as target, ${why} as why
      from agents a left join agent_heartbeats h on h.agent_id = a.id
      where a.state = any(${sqlArray(states)}) and ${silent} and ${inReach("a")}
      order by a.id limit ${BATCH} for no key update of a skip locked
    ),
    moved as (
      update agents a
      set state = s.target, state_since = greatest(clock_timestamp(), s.state_since), version = s.version + 1,
          last_error = case when s.target = '${ERROR_STATE}' then s.why else s.last_error end,
          error_count = s.error_count + (s.target = '${ERROR_STATE}')::int
      from silent s where a.id = s.id
      returning a.*, s.state as from_state, s.state_since as from_since, 'LOSE'::text as action, null::text as mode, s.why as reason,
                case when s.target = '${ERROR_STATE}' then s.why end as error
    ),
    ${LOG_TRANSITIONS}
    select id, state from moved order by id`);
}

// $1–$6 the caller, $7 time-out in ms, $8 reason; $9 offers that may be missed, $10 reason
const loseSilent = loseStatement(
  WORKING_STATES,
  `(greatest(h.at, a.state_since) < clock_timestamp() - interval '1 millisecond' * $7::int or a.missed_offers >= $9::int)`,
  `case when a.missed_offers >= $9 then $10::text else $8::text end`,
);
const loseComingUp = loseStatement(
  COMING_UP,
  `a.state_since < clock_timestamp() - interval '1 millisecond' * $7::int`,
  "$8::text",
);

const seconds = (milliseconds: number) => `${milliseconds / 1000} s`;

/**
 * Finds the agents that give no sign of life, do not start what they are offered, or have not come up in time, and loses
 * them. Gives how many. The judgement is only fair when heartbeats could be written for a whole time-out before.
 */
export async function loseAgents(runtime: Runtime): Promise<number> {
  const { heartbeatTimeoutMs, deployTimeoutMs, missedOffersLimit } = runtime.settings;
  const caller = systemCaller("liveness");
  const lost = await loseAll(runtime, caller, loseSilent, [
    heartbeatTimeoutMs,
    `No heartbeat for ${seconds(heartbeatTimeoutMs)}.`,
    missedOffersLimit,
    `It did not start ${missedOffersLimit} tasks in a row that it was offered.`,
  ]);
  const late = `It did not come up within ${seconds(deployTimeoutMs)}.`;
  return lost + (await loseAll(runtime, caller, loseComingUp, [deployTimeoutMs, late]));
}

async function loseAll(
  runtime: Runtime,
  caller: Caller,
  lose: Statement<LostAgent>,
  values: readonly unknown[],
): Promise<number> {
  let lost = 0;
  while (true) {
    const batch = await writeAll(runtime, async (transaction) => {
      const agents = await transaction.run(lose, [...callerValues(caller), ...values]);
      for (const agent of agents.filter(({ state }) => GONE_STATES.some((gone) => gone === state))) {
        await dropAgentFromRollbacks(transaction, caller, agent.id);
      }
      return agents.length;
    });
    lost += batch;
    if (batch < BATCH) return lost;
  }
}
