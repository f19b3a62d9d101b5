import type { Client } from "@muster/client/client.ts";
import { isTransient } from "@muster/client/errors.ts";
import { retry } from "@muster/client/retry.ts";
import type { AgentDefinition, AgentIdentity } from "./agent-definition.ts";
import { type AgentFields, CONNECT_AGENT, LOAD_AGENT } from "./documents.ts";
import { messageOf } from "./failure.ts";
import type { Log } from "./log.ts";
import { mutateUntilAnswered } from "./mutate.ts";

/** Reads who this agent is, waiting for a server that is not up yet. @throws when the server does not know it, or refuses the key. */
export async function loadAgent(client: Client, id: string, log: Log, signal: AbortSignal): Promise<AgentFields> {
  const shouldRetry = (error: unknown, failures: number): boolean => {
    if (failures === 1) log.warn("waiting for the server", { reason: messageOf(error) });
    return isTransient(error);
  };
  const { node } = await retry(() => client.execute(LOAD_AGENT, { id }, { signal }), { signal, shouldRetry });
  if (node === null)
    throw new Error(`There is no agent ${id}, or this key is not its key. Check MUSTER_AGENT_ID and MUSTER_AGENT_KEY.`);
  return node;
}

/** Announces this process as the agent's newest one. */
export function connectAgent(
  client: Client,
  definition: AgentDefinition,
  agentId: string,
  signal: AbortSignal,
): Promise<{ agent: AgentFields; incarnation: number }> {
  const capabilities = [...new Set([...(definition.capabilities ?? []), ...Object.keys(definition.tasks)])];
  return mutateUntilAnswered(
    client,
    CONNECT_AGENT,
    { agentId, capabilities, concurrency: definition.concurrency ?? null },
    signal,
  );
}

export function identityOf({ id, name, project, config, labels }: AgentFields): AgentIdentity {
  return { id, name, projectId: project.id, config, labels };
}
