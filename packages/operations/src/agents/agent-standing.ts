import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { availableAgent } from "../tasks/available-agent.ts";

/**
 * How an agent stands towards new work. AVAILABLE: it can be given some. FULL: it holds as much as it can. DRAINING: an action
 * waits for its tasks to end. NOT_STARTING: it does not start what it is given. NOT_AT_WORK: its state says why.
 */
export const AGENT_STANDINGS = ["AVAILABLE", "FULL", "DRAINING", "NOT_STARTING", "NOT_AT_WORK"] as const;
export type AgentStanding = (typeof AGENT_STANDINGS)[number];

/** An SQL expression: how agent `a` stands. `missedOffersLimit` is an SQL expression. */
export function standingOf(a: string, missedOffersLimit: string): string {
  return `(case when ${availableAgent(a, missedOffersLimit)} then 'AVAILABLE'
    when ${a}.state <> all(${sqlArray(WORKING_STATES)}) then 'NOT_AT_WORK'
    when ${a}.pending_action is not null then 'DRAINING'
    when ${a}.missed_offers >= ${missedOffersLimit} then 'NOT_STARTING'
    else 'FULL' end)`;
}
