import { rowColumns } from "@muster/database/row-columns.ts";
import { agents } from "@muster/database/tables/agents.ts";
import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import type { OperationSettings } from "../settings.ts";

/** An agent as its row is. */
export type Agent = typeof agents.$inferSelect;

/** The select list that turns the row `alias` into an `Agent`. */
export function agentColumns(alias: string): string {
  return rowColumns(agents, alias);
}

/** Whether it can be given a task now: at work, with room left, nothing pending, and its assignment channel works. */
export function isAvailable(agent: Agent, settings: Pick<OperationSettings, "missedOffersLimit">): boolean {
  return (
    WORKING_STATES.some((state) => state === agent.state) &&
    agent.activeTasks < Math.min(agent.maxConcurrency, agent.processConcurrency ?? agent.maxConcurrency) &&
    agent.pendingAction === null &&
    agent.missedOffers < settings.missedOffersLimit
  );
}
