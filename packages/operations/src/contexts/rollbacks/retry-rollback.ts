import { type AgentState, agentLifecycle, GONE_STATES, WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { nextState } from "@muster/domain/lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { moveLocked } from "../../agents/move-agent.ts";
import { authorize } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { type Context, readContext } from "../context-queries.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import { dropAgentFromRollbacks } from "./drop-agent-from-rollbacks.ts";
import { lockLastRollback } from "./last-rollback.ts";

const RetryRollback = z.object({
  contextId: z.uuid(),
  reason: text(1_000),
  restartAgents: z.boolean().nullish(),
  expectedVersion: z.number().int().min(0).max(2_147_483_647).nullish(),
});
export type RetryRollbackInput = z.input<typeof RetryRollback>;

interface Unconfirmed {
  readonly id: string;
  readonly state: AgentState;
  /** Whether the rollback waits, or waited, for its answer; otherwise it was not running then. */
  readonly asked: boolean;
}

/** Agents before contexts, in the order of ids: those that use the context and have not loaded what it was rolled back to. */
const holdUnconfirmed = statement<Unconfirmed>(`
  with quota as materialized (
    -- Restarting may let agents run that do not: limits are locked before agents.
    select w.id from contexts c join workspaces w on w.id = c.workspace_id
    where c.id = $1 and ${inContextScope("c", 2)} and w.max_running_agents is not null for no key update of w
  ), used as (
    select r.agent_id, true as asked
    from contexts c join rollback_confirmations r on r.context_id = c.id and r.version = c.rollback_version and r.state <> 'SUCCEEDED'
    where c.id = $1 and ${inContextScope("c", 2)}
    union all
    select u.agent_id, false from contexts c join context_readers u on u.context_id = c.id and u.version < c.rollback_version
    where c.id = $1 and ${inContextScope("c", 2)} and not exists (
      select from rollback_confirmations r where r.context_id = c.id and r.version = c.rollback_version and r.agent_id = u.agent_id)
  )
  select a.id, a.state, used.asked from used join agents a on a.id = used.agent_id where (select count(*) from quota) >= 0
  order by a.id for no key update of a`);

const askAgain = statement<never>(`
  with begun as (
    update contexts c set rollback_state = 'PENDING', rollback_since = greatest(clock_timestamp(), c.rollback_since, newest.created_at)
    from context_versions newest
    where c.id = $1 and newest.context_id = c.id and newest.number = c.current_version
    returning c.*
  ), again as (
    update rollback_confirmations r
    -- A process that is to end is not asked anew, only the one after it: for that one everything is new.
    set state = 'PENDING', error = null, answered_at = null,
        created_at = case when r.agent_id = any($3::uuid[]) then r.created_at else b.rollback_since end
    from begun b
    where r.context_id = b.id and r.version = b.rollback_version and r.agent_id = any($2::uuid[]) and r.state <> 'SUCCEEDED'
  ), added as (
    insert into rollback_confirmations (context_id, version, agent_id, created_at)
    select b.id, b.rollback_version, agent.id, b.rollback_since from begun b cross join unnest($2::uuid[]) as agent(id)
    on conflict do nothing
  ), happened as (
    select ${contextEvent(
      "context.rollback_retried",
      "jsonb_build_object('version', rollback_version, 'agents', agents, 'restarted', restarted)",
      4,
    )}
    from (
      select b.*, b.rollback_since as at,
        (select coalesce(jsonb_agg(a.name order by a.name), '[]') from agents a where a.id = any($2::uuid[])) as agents,
        (select coalesce(jsonb_agg(a.name order by a.name), '[]') from agents a where a.id = any($3::uuid[])) as restarted
      from begun b) source
  ), appended as (${appendEvents("happened")})
  select 1 from begun`);

const isGone = ({ state }: Unconfirmed) => GONE_STATES.some((gone) => gone === state);
const isWorking = ({ state }: Unconfirmed) => WORKING_STATES.some((working) => working === state);
const canRestart = ({ state }: Unconfirmed) => nextState(agentLifecycle, state, "RESTART") !== null;

/**
 * Asks those agents again to load what the context was last rolled back to that have not: it could not be loaded, the time was up, or
 * it still waits. The rollback is PENDING from now on, as if it had just been made; agents that do not run any more drop out of
 * it. `restartAgents` also restarts those that it asks, each when its tasks have ended.
 *
 * Throws `NotFound` when there was no rollback, `Conflict` when the last one did not append `expectedVersion`, and
 * `IllegalTransition` when it has succeeded.
 */
export async function retryRollback(runtime: Runtime, caller: Caller, input: RetryRollbackInput): Promise<Context> {
  caller = authorize(caller, "context.rollBack");
  const { contextId, reason, restartAgents, expectedVersion = null } = parseInput(RetryRollback, input);
  if (restartAgents) caller = authorize(caller, "agent.transition");
  return writeAll(runtime, async (transaction) => {
    const agents = await transaction.run(holdUnconfirmed, [contextId, ...contextScopeOf(caller)]);
    const asked = agents.filter((agent) => (agent.asked ? !isGone(agent) : isWorking(agent)));
    const restarted = restartAgents ? asked.filter(canRestart) : [];
    for (const { id } of restarted) await restart(transaction, caller, id, reason);
    await lockLastRollback(transaction, caller, {
      contextId,
      expectedVersion,
      action: restartAgents ? "RESTART_AGENTS" : "RETRY",
    });
    const gone = agents.filter((agent) => agent.asked && isGone(agent));
    await transaction.run(askAgain, [
      contextId,
      [...asked, ...gone].map(({ id }) => id),
      restarted.map(({ id }) => id),
      ...contextEventValues(caller, reason),
    ]);
    // One that nobody is left to confirm settles with them.
    for (const { id } of gone) await dropAgentFromRollbacks(transaction, caller, id);
    return readContext(transaction, caller, contextId);
  });
}

async function restart(transaction: Connection, caller: Caller, agentId: string, reason: string): Promise<void> {
  await moveLocked(transaction, caller, { agentId, action: "RESTART", trigger: "operator", reason });
}
