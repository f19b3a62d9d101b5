import type { AgentState } from "@muster/domain/agent-lifecycle.ts";

/**
 * What an agent's state asks of its process:
 * - `fresh`: one that was started for this very deployment
 * - `running`: one, to work
 * - `parked`: one, though it does no work
 * - `restarted`: it has failed; a new one after a pause
 * - `none`: none
 */
export type ProcessNeed = "fresh" | "running" | "parked" | "restarted" | "none";

export const PROCESS_NEED: Readonly<Record<AgentState, ProcessNeed>> = {
  REGISTERED: "none",
  DEPLOYING: "fresh",
  ONLINE: "running",
  BUSY: "running",
  IDLE: "running",
  UNRESPONSIVE: "running",
  SUSPENDED: "parked",
  MAINTENANCE: "parked",
  ERROR: "restarted",
  OFFLINE: "none",
  DECOMMISSIONED: "none",
};
