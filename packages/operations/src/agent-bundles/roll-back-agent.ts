import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { agentLifecycle, WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition, InvalidInput } from "@muster/domain/errors.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { type Agent, agentColumns } from "../agents/agent.ts";
import { agentEvents } from "../agents/agent-event.ts";
import { changeAgent } from "../agents/change-agent.ts";
import { lockAgent } from "../agents/lock-agent.ts";
import { moveLocked } from "../agents/move-agent.ts";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { applyRollback, loadRollbackTarget } from "../contexts/rollbacks/roll-back-context.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { loadDifferences, restorableOf } from "./bundle-difference.ts";

/** KEEP: the agent goes on with its tasks. DRAIN: it is restarted when they have ended, and gets no more until then. */
const ROLLBACK_TASKS = ["KEEP", "DRAIN"] as const;
export type RollbackTasks = (typeof ROLLBACK_TASKS)[number];

const RollBackAgent = z.object({
  agentId: z.uuid(),
  toBundle: z.number().int().min(1).max(2_147_483_647),
  reason: text(1_000),
  tasks: z.enum(ROLLBACK_TASKS),
  expectedBundle: z.number().int().min(1).max(2_147_483_647).nullish(),
});
export type RollBackAgentInput = z.input<typeof RollBackAgent>;

export interface RolledBackAgent {
  readonly agent: Agent;
  /** False: it was all that already, and nothing was written. */
  readonly changed: boolean;
  /** The number of its newest bundle. */
  readonly bundle: number;
}

/** Contexts after agents and before heads, in the order of ids. */
const lockContexts = statement<never>(`select 1 from contexts c where c.agent_id = $1 order by c.id for no key update`);
const lockHead = statement<{ number: number }>(
  `select h.number from agent_bundle_heads h where h.agent_id = $1 for no key update`,
);

const finish = statement<Agent & { readonly bundle: number }>(`
  with restored as (
    select a.*, h.number as bundle from agents a join agent_bundle_heads h on h.agent_id = a.id where a.id = $8 and ${inReach("a")}
  ), happened as (${agentEvents("restored", {
    type: "agent.rolled_back",
    payload: `jsonb_build_object('toBundle', $9::int, 'bundle', bundle, 'definitionVersion', definition_version,
      'configVersion', config_version, 'maxConcurrency', max_concurrency, 'contexts', $10::int, 'tasks', $11::text)`,
    reason: "$7",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("restored")}, bundle from restored`);

/** Whether DRAIN restarts it: its process is at work, and nobody has already asked for something else. */
export function wouldRestart({ state, pendingAction }: Pick<Agent, "state" | "pendingAction">): boolean {
  return WORKING_STATES.some((working) => working === state) && pendingAction === null;
}

/**
 * Takes an agent back (or forward again) to one of its bundles, all in one transaction: its definition version, config and limits,
 * and each of its own contexts whose data differs, with holds and confirmations as `rollBackContext` makes them. Contexts that
 * the bundle does not know and shared ones stay as they are. What it changes makes new bundles.
 *
 * Throws `NotFound`, `Conflict` when the newest bundle is not `expectedBundle`, `InvalidInput` when there is no such bundle,
 * `IllegalTransition` when the agent is decommissioned, and `VersionPruned` when retention has removed data that it needs.
 */
export async function rollBackAgent(
  runtime: Runtime,
  caller: Caller,
  input: RollBackAgentInput,
): Promise<RolledBackAgent> {
  caller = authorize(caller, "agent.rollBack");
  const request = parseInput(RollBackAgent, input);
  return writeAll(runtime, (transaction) => restore(transaction, caller, request));
}

async function restore(
  transaction: Connection,
  caller: Caller,
  { agentId, toBundle, reason, tasks, expectedBundle = null }: z.output<typeof RollBackAgent>,
): Promise<RolledBackAgent> {
  const agent = await lockAgent(transaction, caller, agentId);
  if (finalStates(agentLifecycle).includes(agent.state))
    throw new IllegalTransition("agent", agent.state, "ROLL_BACK", []);
  await transaction.run(lockContexts, [agentId]);
  const bundle = (await transaction.run(lockHead, [agentId]))[0]?.number ?? 0;
  if (expectedBundle !== null && expectedBundle !== bundle)
    throw new Conflict("bundle", String(expectedBundle), String(bundle));
  const found = await loadDifferences(transaction, caller, [{ agentId, from: bundle, to: toBundle }]);
  const difference = found.get(agentId);
  if (!difference)
    throw new InvalidInput([{ path: ["toBundle"], message: `There is no such bundle; the newest is ${bundle}.` }]);
  const contexts = restorableOf(difference);
  if (!difference.itself && contexts.length === 0) return { agent, changed: false, bundle };

  const restarts = tasks === "DRAIN" && wouldRestart(agent);
  // Takes no tasks away, which would be locked before contexts: where it holds some it drains.
  const moved = restarts
    ? await moveLocked(transaction, caller, { agentId, action: "RESTART", trigger: "operator", reason, mode: "DRAIN" })
    : agent;
  const { definitionVersion, config, maxConcurrency } = difference.to;
  if (difference.itself)
    await changeAgent(transaction, caller, agent, { definitionVersion, config, maxConcurrency, reason, toBundle });
  // Nobody but its owner can have loaded an agent's own context.
  const users = WORKING_STATES.some((working) => working === moved.state) ? [agentId] : [];
  for (const { contextId, from, to } of contexts) {
    const before = { id: contextId, currentVersion: from.version };
    const target = await loadRollbackTarget(transaction, caller, before, to.version);
    await applyRollback(transaction, caller, before, { target, users, reason, toBundle });
  }
  const [restored] = await transaction.run(finish, [
    ...callerValues(caller),
    reason,
    agentId,
    toBundle,
    contexts.length,
    tasks,
  ]);
  if (!restored) throw new TypeError(`The agent ${agentId} was not locked.`);
  const { bundle: newest, ...row } = restored;
  return { agent: row, changed: true, bundle: newest };
}
