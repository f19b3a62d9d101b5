import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";
import { getAgentRows } from "./agent-rows.ts";

const CancelPendingAction = z.object({ agentId: z.uuid(), reason: text(1000) });
export type CancelPendingActionInput = z.input<typeof CancelPendingAction>;

const cancelStatement = statement<Agent>(`
  with draining as materialized (
    select a.id, a.pending_action from agents a
    where a.id = $8 and ${inReach("a")} and a.pending_action is not null for no key update
  ),
  cancelled as (
    update agents a set pending_action = null, pending_reason = null, pending_since = null, pending_actor = null
    from draining d where a.id = d.id returning a.*, d.pending_action as cancelled_action
  ),
  happened as (${agentEvents("cancelled", {
    type: "agent.drain_cancelled",
    payload: "jsonb_build_object('action', cancelled_action)",
    reason: "$7",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("cancelled")} from cancelled`);

/**
 * Takes back the action that an agent drains towards: it gets tasks again. Throws `NotFound`, and `Conflict` when no
 * action is pending, because none was asked for or it has fired.
 */
export async function cancelPendingAction(
  runtime: Runtime,
  caller: Caller,
  input: CancelPendingActionInput,
): Promise<Agent> {
  caller = authorize(caller, "agent.transition");
  const { agentId, reason } = parseInput(CancelPendingAction, input);
  const [agent] = await write(runtime, cancelStatement, [...callerValues(caller), reason, agentId]);
  if (agent) return agent;
  const [present] = await getAgentRows(runtime, caller, [agentId]);
  if (!present) throw new NotFound("agent");
  throw new Conflict("pending action", "any", "none");
}
