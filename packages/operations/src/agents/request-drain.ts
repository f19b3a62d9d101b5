import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";

const drainStatement = statement<Agent>(`
  with draining as (
    update agents a
    set pending_action = $8, pending_reason = $7, pending_since = greatest(clock_timestamp(), a.state_since),
        pending_actor = jsonb_build_object('kind', $1::text, 'id', $2::uuid, 'name', $3::text)
    where a.id = $9 and ${inReach("a")} returning *
  ),
  happened as (${agentEvents("draining", {
    type: "agent.drain_requested",
    payload: "jsonb_build_object('action', pending_action)",
    reason: "$7",
    at: "pending_since",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("draining")} from draining`);

/**
 * Records the action that fires when the last task of an agent ends; it gets no more tasks until then. The newest
 * request counts. The transaction has locked the agent, which is in a state in which the action drains.
 */
export async function requestDrain(
  transaction: Connection,
  caller: Caller,
  agentId: string,
  action: AgentAction,
  reason: string | null,
): Promise<Agent> {
  const [draining] = await transaction.run(drainStatement, [...callerValues(caller), reason, action, agentId]);
  if (!draining) throw new TypeError(`The agent ${agentId} was not locked.`);
  return draining;
}
