import { createClient } from "@muster/client/client.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { type AgentEnvironment, readEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { liveAsAgent } from "./live-as-agent.ts";
import { stopOnAbort, stopOnProcessSignals } from "./stop-signals.ts";
import { createStopper } from "./stopper.ts";

export interface RunOptions extends Partial<AgentEnvironment> {
  /** Stops the agent as SIGTERM would. With it the agent leaves the process and its signals alone. */
  readonly signal?: AbortSignal;
}

/** After an orderly end, how long forgotten timers and sockets may keep the process alive. */
const LINGER_MS = 1_000;

/** See `Agent.run`. */
export async function runAgent(definition: AgentDefinition, options: RunOptions = {}): Promise<void> {
  const environment = readEnvironment(process.env, options);
  const log = createLog({ agent: definition.name, agentId: environment.agentId }, environment.logLevel);
  const client = createClient({ url: environment.url, credentials: () => environment.key });
  const stopper = createStopper();
  const stopListening = options.signal ? stopOnAbort(stopper, options.signal) : stopOnProcessSignals(stopper);
  try {
    await liveAsAgent({ definition, environment, client, stopper, log });
  } finally {
    client.close();
    stopListening();
    if (!options.signal) setTimeout(() => process.exit(), LINGER_MS).unref();
  }
  log.info("stopped", { why: stopper.current?.why });
  if (stopper.current?.error !== undefined) throw stopper.current.error;
}
