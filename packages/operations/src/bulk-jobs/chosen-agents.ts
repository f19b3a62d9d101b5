import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_ACTIONS, agentLifecycle, TRANSITION_MODES } from "@muster/domain/agent-lifecycle.ts";
import { actionsOf } from "@muster/domain/lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { agentConditions, AgentFilter } from "../agents/agent-filter.ts";
import { text } from "../input.ts";
import type { OperationSettings } from "../settings.ts";
import { BULK_REQUEST, parseBulkRequest } from "./bulk-request.ts";

const OPERATOR_ACTIONS = actionsOf(agentLifecycle, "operator");

const TransitionAgents = z.object({
  ...BULK_REQUEST,
  filter: AgentFilter,
  action: z
    .enum(AGENT_ACTIONS)
    .refine((action) => OPERATOR_ACTIONS.includes(action), `must be one of ${OPERATOR_ACTIONS.join(", ")}.`),
  mode: z.enum(TRANSITION_MODES).nullish(),
  reason: text(1_000),
});

/**
 * Which agents of a project to ask for which action, and why. An empty filter needs `all`: true. `mode`: DRAIN unless given.
 * `expectedCount`: how many it has to be, or nothing is done.
 */
export type TransitionAgentsInput = z.input<typeof TransitionAgents>;
export type AgentsRequest = z.output<typeof TransitionAgents>;

/** Checks a request before anything is read or written. Throws `InvalidInput`. */
export function parseAgentsRequest(input: TransitionAgentsInput): AgentsRequest {
  return parseBulkRequest(TransitionAgents, input, "agent");
}

/**
 * A select of the agents (`id`, `number` from 1, `state`, `active_tasks`) that a job takes, by name: all that match, whatever
 * their state, because it is judged when their turn comes. At most one more than the settings allow.
 */
export function chosenAgents(
  caller: Caller,
  { projectId, filter }: AgentsRequest,
  settings: Pick<OperationSettings, "maxBulkTargets" | "missedOffersLimit">,
): SQL {
  const conditions = agentConditions(caller, sql`a.project_id = ${projectId}`, filter, settings);
  return sql`
    select c.id, c.state, c.active_tasks, row_number() over (order by c.name, c.id)::int as number from (
      select a.id, a.name, a.state, a.active_tasks from agents a where ${sql.join(conditions, sql` and `)}
      limit ${settings.maxBulkTargets + 1}
    ) c`;
}
