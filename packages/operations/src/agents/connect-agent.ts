import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type AgentAction, agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { IllegalTransition } from "@muster/domain/errors.ts";
import { finalStates, nextState } from "@muster/domain/lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeAgent } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { returnHeldTasks } from "../tasks/return-held-tasks.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";
import { applyTransition } from "./apply-transition.ts";
import { lockAgentToRun, requireRoomToRun } from "./lock-agent.ts";
import { maxConcurrency } from "./register-agent.ts";

const ConnectAgent = z.object({
  agentId: z.uuid(),
  capabilities: z.array(text(100)).max(100).nullish(),
  /** How many tasks the process can do at once, where that may be less than what is registered. */
  concurrency: maxConcurrency.nullish(),
});
export type ConnectAgentInput = z.input<typeof ConnectAgent>;

/** What brings an agent to work when its process connects: the first that its lifecycle allows. */
const ARRIVALS: readonly AgentAction[] = ["RECOVER", "ACTIVATE"];

/** A process for which there is no room asks again after this time. */
const RETRY_MS = 5_000;

// The new heartbeat row shuts out the heartbeats of older incarnations, also those that are being written now.
const connectStatement = statement<Agent>(`
  with connected as (
    update agents a
    set incarnation = a.incarnation + 1, missed_offers = 0, process_concurrency = $9,
        capabilities = array(select distinct c from unnest(v.capabilities || $8::text[]) c order by c)
    from agent_definition_versions v
    where a.id = $7 and ${inReach("a")} and v.definition_id = a.definition_id and v.version = a.definition_version
    returning a.*
  ),
  alive as (
    insert into agent_heartbeats as h (agent_id, incarnation, sequence, at)
    select id, incarnation, 0, clock_timestamp() from connected
    on conflict (agent_id) do update
    set incarnation = excluded.incarnation, sequence = 0, load = null, at = greatest(excluded.at, h.at)
  ),
  happened as (${agentEvents("connected", {
    type: "agent.connected",
    payload: "jsonb_build_object('incarnation', incarnation)",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("connected")} from connected`);

/**
 * A new process speaks for the agent from now on: it gets the next incarnation, and older ones are superseded. Tasks that
 * an older process held go back, because the new one does not know them. Brings the agent to work where its state lets it:
 * one that is suspended or in maintenance stays so. Throws `NotFound`, `IllegalTransition` when it is decommissioned, and
 * `LimitExceeded` when it was not running and as many agents of the workspace run as may.
 */
export async function connectAgent(
  runtime: Runtime,
  caller: Caller,
  input: ConnectAgentInput,
): Promise<{ readonly agent: Agent; readonly incarnation: number }> {
  caller = authorizeAgent(caller, input.agentId);
  const { agentId, capabilities, concurrency } = parseInput(ConnectAgent, input);
  const agent = await writeAll(runtime, async (transaction) => {
    const held = await lockAgentToRun(transaction, caller, agentId);
    const locked = held.agent;
    if (finalStates(agentLifecycle).includes(locked.state))
      throw new IllegalTransition("agent", locked.state, "ACTIVATE", []);
    if (locked.activeTasks > 0)
      await returnHeldTasks(transaction, caller, agentId, "A new process took over its agent.");
    const [connected] = await transaction.run(connectStatement, [
      ...callerValues(caller),
      agentId,
      capabilities ?? [],
      concurrency ?? null,
    ]);
    if (!connected) throw new TypeError(`The agent ${agentId} was not locked.`);
    if (nextState(agentLifecycle, connected.state, "RELEASE") !== null) {
      const released = await applyTransition(transaction, caller, connected, {
        action: "RELEASE",
        reason: "A new process took over.",
      });
      // What was pending has fired: it decides where the agent is, not the connection.
      if (locked.pendingAction !== null) return released;
      return arrive(released);
    }
    return arrive(connected);

    async function arrive(present: Agent): Promise<Agent> {
      const action = ARRIVALS.find((arrival) => nextState(agentLifecycle, present.state, arrival) !== null);
      const target = action && nextState(agentLifecycle, present.state, action);
      if (!action || !target) return present;
      await requireRoomToRun(transaction, held, target, RETRY_MS);
      return applyTransition(transaction, caller, present, { action, reason: "Its process connected." });
    }
  });
  return { agent, incarnation: agent.incarnation };
}
