import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, agentLifecycle, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { allowedActions, drainingStates } from "@muster/domain/lifecycle.ts";
import { sql } from "drizzle-orm";
import type { Agent } from "../agents/agent.ts";
import { getAgents } from "../agents/agent-queries.ts";
import { authorize } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import type { Runtime } from "../runtime.ts";
import { BULK_JOB_PERMISSIONS } from "./bulk-job.ts";
import { chosenAgents, parseAgentsRequest, type TransitionAgentsInput } from "./chosen-agents.ts";

const SAMPLE = 10;

/** How many of the chosen are in a state, and what the action would mean there. */
export interface ChosenState {
  readonly state: AgentState;
  readonly count: number;
  /** The action is allowed there. */
  readonly allowed: boolean;
  /** So many of them would finish tasks first. */
  readonly draining: number;
}

/** What a job would do to agents if it were asked for now. */
export interface TransitionPreview {
  /** How many it would have as its targets; counts to the most that a job may have. */
  readonly count: number;
  /** There are more, and so the job would be refused. */
  readonly countIsCapped: boolean;
  /** The states that any of them is in, in the lifecycle's order. */
  readonly states: readonly ChosenState[];
  /** The first ten, in the order in which their turn would come. */
  readonly sample: readonly Agent[];
}

interface Found {
  readonly count: number;
  readonly sample: string[];
  readonly states: { state: AgentState; count: number; working: number }[];
}

/**
 * Which agents a job would choose now, and which of them could take the action, without doing anything. Throws `NotFound`
 * without the project, `InvalidInput` like the job itself.
 */
export async function previewTransition(
  runtime: Runtime,
  caller: Caller,
  input: TransitionAgentsInput,
): Promise<TransitionPreview> {
  caller = authorize(caller, BULK_JOB_PERMISSIONS.TRANSITION);
  const request = parseAgentsRequest(input);
  const most = runtime.settings.maxBulkTargets;
  const [found] = await runtime.database.query<Found>(sql`
    with chosen as materialized (${chosenAgents(caller, request, runtime.settings)})
    select (select count(*)::int from chosen) as count,
      array(select id from chosen where number <= ${SAMPLE} order by number) as sample,
      (select coalesce(jsonb_agg(s), '[]') from (
        select state, count(*)::int as count, count(*) filter (where active_tasks > 0)::int as working from chosen group by state) s) as states
    from projects p where p.id = ${request.projectId} and ${withinReach(caller, "p", "id")}`);
  if (!found) throw new NotFound("project");
  const agents = new Map((await getAgents(runtime, caller, found.sample)).map((agent) => [agent.id, agent]));
  const drains = request.mode === "NOW" ? [] : drainingStates(agentLifecycle, request.action);
  return {
    count: Math.min(found.count, most),
    countIsCapped: found.count > most,
    states: found.states
      .map(({ state, count, working }) => ({
        state,
        count,
        allowed: allowedActions(agentLifecycle, state, "operator").includes(request.action),
        draining: drains.includes(state) ? working : 0,
      }))
      .toSorted((one, other) => AGENT_STATES.indexOf(one.state) - AGENT_STATES.indexOf(other.state)),
    sample: found.sample.flatMap((id) => agents.get(id) ?? []),
  };
}
