import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type AgentAction, agentLifecycle, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { IllegalTransition, InvalidInput, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { authorize } from "../authorize.ts";
import { checkAgainstSchema } from "../json-schema.ts";
import type { Runtime } from "../runtime.ts";
import { HELD } from "../tasks/task.ts";
import { getBundleNumbers } from "./bundle-queries.ts";
import { type BundleDifference, loadDifferences, restorableOf } from "./bundle-difference.ts";
import { wouldRestart } from "./roll-back-agent.ts";

/** What one may have to think about before a rollback of an agent. */
export interface AgentRollbackWarning {
  readonly code: "CONFIG_MISMATCH" | "DEFINITION_DISABLED" | "SUPERSEDES_ROLLBACK" | "DRAINS_ALREADY" | "NOT_RESTARTED";
  readonly message: string;
}

/** What `rollBackAgent` would do now. */
export interface AgentRollbackPreview {
  readonly agentId: string;
  /** From what the agent is now, its newest bundle. */
  readonly difference: BundleDifference;
  /** Whether anything would change. */
  readonly changed: boolean;
  /** The project's contexts that the agent has read or written: they stay as they are. */
  readonly sharedContextIds: readonly string[];
  readonly heldTaskIds: readonly string[];
  /** Whether it would be restarted with tasks: DRAIN. */
  readonly restarts: boolean;
  /** Why it would be refused; null when it would not. */
  readonly refusal: string | null;
  /** Nothing of it keeps the rollback from being made. */
  readonly warnings: readonly AgentRollbackWarning[];
}

interface Facts {
  readonly agentId: string;
  readonly state: AgentState;
  readonly pendingAction: AgentAction | null;
  readonly slug: string;
  readonly enabled: boolean;
  /** Of the definition version to go back to. */
  readonly configSchema: { readonly [key: string]: Json };
  readonly sharedContextIds: readonly string[];
  readonly heldTaskIds: readonly string[];
  /** Its own contexts whose last rollback is PENDING. */
  readonly pendingContextIds: readonly string[];
}

const factsOf = statement<Facts>(`
  select a.id as "agentId", a.state, a.pending_action as "pendingAction", d.slug, d.enabled, v.config_schema as "configSchema",
    array(select c.id from context_readers r join contexts c on c.id = r.context_id and c.agent_id is null
          where r.agent_id = a.id order by c.name) as "sharedContextIds",
    array(select t.id from tasks t
          where t.workspace_id = a.workspace_id and t.project_id = a.project_id and t.agent_id = a.id and t.state = any(${HELD})
          order by t.id) as "heldTaskIds",
    array(select c.id from contexts c where c.agent_id = a.id and c.rollback_state = 'PENDING') as "pendingContextIds"
  from unnest($1::uuid[], $2::int[]) as wanted(agent_id, definition_version)
  join agents a on a.id = wanted.agent_id
  join agent_definitions d on d.id = a.definition_id
  join agent_definition_versions v on v.definition_id = a.definition_id and v.version = wanted.definition_version`);

/** What a rollback of each agent to its bundle with this number would do. `NotFound` is in the place of one that has no such bundle. */
export async function previewAgentRollbacks(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  toBundle: number,
): Promise<ReadonlyMap<string, AgentRollbackPreview | NotFound>> {
  caller = authorize(caller, "agent.read");
  const newest = await getBundleNumbers(runtime, caller, agentIds);
  const pairs = [...newest].map(([agentId, from]) => ({ agentId, from, to: toBundle }));
  const differences = await loadDifferences(runtime.database, caller, pairs);
  const facts = await runtime.database.run(factsOf, [
    [...differences.keys()],
    [...differences.values()].map(({ to }) => to.definitionVersion),
  ]);
  const found = new Map(facts.map((each) => [each.agentId, each]));
  return new Map(
    agentIds.map((agentId) => {
      const [known, difference] = [found.get(agentId), differences.get(agentId)];
      return [agentId, known && difference ? previewOf(known, difference) : new NotFound("agent bundle")];
    }),
  );
}

/** States in which it may have a process that nobody restarts. */
const UNTOUCHED: readonly AgentState[] = ["SUSPENDED", "MAINTENANCE", "UNRESPONSIVE"];

function previewOf(facts: Facts, difference: BundleDifference): AgentRollbackPreview {
  const { agentId, sharedContextIds, heldTaskIds } = facts;
  const changed = difference.itself || restorableOf(difference).length > 0;
  const restarts = changed && wouldRestart(facts);
  const warnings = changed ? warningsOf(facts, difference) : [];
  const refusal = refusalOf(facts, difference);
  return { agentId, difference, changed, sharedContextIds, heldTaskIds, restarts, refusal, warnings };
}

function refusalOf({ state }: Facts, difference: BundleDifference): string | null {
  if (finalStates(agentLifecycle).includes(state))
    return new IllegalTransition("agent", state, "ROLL_BACK", []).message;
  const pruned = restorableOf(difference).find(({ to }) => to.pruned);
  return pruned ? `${pruned.name}: ${new VersionPruned(pruned.to.version).message}` : null;
}

function warningsOf(facts: Facts, difference: BundleDifference): AgentRollbackWarning[] {
  const { state, pendingAction, slug, enabled, configSchema, pendingContextIds } = facts;
  const { to } = difference;
  const warnings: AgentRollbackWarning[] = [];
  const warn = (code: AgentRollbackWarning["code"], message: string) => warnings.push({ code, message });
  try {
    checkAgainstSchema(configSchema, to.config, ["config"]);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    warn(
      "CONFIG_MISMATCH",
      `The config does not match the schema of version ${to.definitionVersion}: ${error.message}`,
    );
  }
  if (!enabled) warn("DEFINITION_DISABLED", `The definition ${slug} is disabled.`);
  const superseded = restorableOf(difference).filter(({ contextId }) => pendingContextIds.includes(contextId));
  for (const { name } of superseded)
    warn("SUPERSEDES_ROLLBACK", `A rollback of ${name} is still PENDING: it fails, and this one takes its place.`);
  if (pendingAction !== null)
    warn("DRAINS_ALREADY", `It drains towards ${pendingAction} already, which stays so: it is not restarted.`);
  else if (UNTOUCHED.includes(state))
    warn("NOT_RESTARTED", `It is ${state}: a process that it has keeps the present config until it is restarted.`);
  return warnings;
}
