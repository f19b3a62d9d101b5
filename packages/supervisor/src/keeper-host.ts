import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";
import type { SupervisorAction } from "./agent-moves.ts";
import type { AgentPackage } from "./agent-package.ts";
import type { Log } from "./log.ts";
import type { SupervisorSettings } from "./settings.ts";

/** What keepers need of their supervisor. */
export interface KeeperHost {
  readonly settings: SupervisorSettings;
  readonly log: Log;
  /** Of the API, for agents. */
  readonly url: string;
  /** A process has to have connected within this time. */
  readonly connectMs: number;
  packageOf(slug: string): AgentPackage | undefined;
  read(agentId: string): Promise<SupervisedAgent | null>;
  /** As `move` of agent-moves.ts. */
  move(seen: SupervisedAgent, action: SupervisorAction, reason: string): Promise<SupervisedAgent | null>;
  /** The environment of a new process, with a new key. */
  environment(agent: SupervisedAgent): Promise<NodeJS.ProcessEnv>;
  /** Asks for the agents' rows to be read anew. */
  wake(): void;
}
