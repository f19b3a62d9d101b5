import type { AgentDefinition } from "./agent-definition.ts";
import { runAgent, type RunOptions } from "./run-agent.ts";

export interface Agent {
  readonly definition: AgentDefinition;
  /**
   * Connects to Muster and works until it is asked to stop (SIGTERM, SIGINT, an operator's STOP, or `signal`) and has ended its
   * tasks. Connection losses are survived. Where it runs is read from the environment (MUSTER_URL, MUSTER_AGENT_ID,
   * MUSTER_AGENT_KEY) unless given here. Without `signal` the process belongs to the agent: a second after this has settled it
   * ends, whatever else would keep it alive.
   * @throws EnvironmentError, what onInitialize or onActivate throws, or why the server refuses the agent.
   */
  run(options?: RunOptions): Promise<void>;
}

/** An agent program: `await defineAgent({ … }).run()` is a whole one. */
export function defineAgent(definition: AgentDefinition): Agent {
  return { definition, run: (options) => runAgent(definition, options) };
}
