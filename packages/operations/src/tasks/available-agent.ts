import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";

/** How many tasks agent `a` can hold: the registered limit and its process's own both count (`least` passes over null). */
export function capacityOf(a: string): string {
  return `least(${a}.max_concurrency, ${a}.process_concurrency)`;
}

/** The condition that agent `a` can be given work; `missedOffersLimit` is an SQL expression. */
export function availableAgent(a: string, missedOffersLimit: string): string {
  return `${a}.state = any(${sqlArray(WORKING_STATES)}) and ${a}.pending_action is null
    and ${a}.active_tasks < ${capacityOf(a)} and ${a}.missed_offers < ${missedOffersLimit}`;
}
