import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "../runtime.ts";
import { loseAgents } from "./lose-agents.ts";

/** A loop's body: the process calls `sweep` every `intervalMs`, one call at a time. Errors are the caller's to log. */
export interface AgentSweeper {
  readonly intervalMs: number;
  /** Gives how many agents it lost. */
  sweep(): Promise<number>;
}

/** Shows whether the database answers, while nobody is judged. */
const reach = statement<object>("select");
/** So many intervals from one sweep's start to the next's mean that the sweeper was asleep. */
const ASLEEP_AFTER = 3;

/**
 * Watches over the agents' liveness; any number of replicas may do so at once. A sweeper that has just started, or was
 * itself asleep (the process stopped, the database away), cannot tell a silent agent from one that could not be heard: it
 * waits one full time-out before it judges anyone.
 */
export function createAgentSweeper(runtime: Runtime): AgentSweeper {
  const { heartbeatTimeoutMs } = runtime.settings;
  const intervalMs = Math.max(50, Math.min(3_000, Math.floor(heartbeatTimeoutMs / 10)));
  // The wall clock, because a monotonic one can stand still while the machine sleeps. A clock that is set counts as sleep.
  let awakeSince = Date.now();
  let lastRun = Date.now();
  return {
    intervalMs,
    async sweep() {
      const now = Date.now();
      if (now - lastRun > ASLEEP_AFTER * intervalMs || now < lastRun) awakeSince = now;
      lastRun = now;
      try {
        if (now - awakeSince >= heartbeatTimeoutMs) return await loseAgents(runtime);
        await runtime.database.run(reach, []);
        return 0;
      } catch (error) {
        awakeSince = Date.now();
        throw error;
      }
    },
  };
}
