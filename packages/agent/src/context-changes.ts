import type { Client } from "@muster/client/client.ts";
import { retry } from "@muster/client/retry.ts";
import type { AgentDefinition, Tools } from "./agent-definition.ts";
import { ACKNOWLEDGE_CONTEXT, type InboxMessage, READ_CONTEXT_VERSION } from "./documents.ts";
import { messageOf } from "./failure.ts";
import { mutateUntilAnswered } from "./mutate.ts";
import { createRecentKeys } from "./recent-keys.ts";
import type { TaskRunner } from "./task-runner.ts";

type ContextChanged = Extract<InboxMessage, { __typename: "ContextChanged" }>;

/**
 * Takes changes of contexts one after the other: loads the version, lets onContextChanged take it over while no new task starts,
 * and tells the server how that went. An agent without the hook keeps nothing in memory, so it has taken over every version.
 */
export function createContextChanges(
  client: Client,
  hook: AgentDefinition["onContextChanged"],
  tools: Tools,
  runner: TaskRunner,
  signal: AbortSignal,
): (message: ContextChanged) => void {
  const answered = createRecentKeys(1_000);
  const waiting = new Set<string>();
  let last = Promise.resolve();

  async function takeOver({ context, version, rolledBack }: ContextChanged): Promise<void> {
    if (!hook) return;
    const variables = { id: context.id, number: version };
    const { node } = await retry(() => client.execute(READ_CONTEXT_VERSION, variables, { signal }), { signal });
    if (!node?.version) throw new Error(`Version ${version} of the context ${context.name} cannot be read.`);
    const { id, name, agent } = context;
    await hook({ context: { id, name, shared: agent === null }, version, rolledBack, data: node.version.data }, tools);
  }

  async function answer(message: ContextChanged): Promise<void> {
    const subject = { contextId: message.context.id, agentId: tools.agent.id, version: message.version };
    const release = runner.hold();
    const verdict = await takeOver(message).then(
      () => ({ ok: true }),
      (error: unknown) => ({ ok: false, error: messageOf(error) }),
    );
    release();
    tools.log.info("context changed", { ...subject, rolledBack: message.rolledBack, ...verdict });
    await mutateUntilAnswered(client, ACKNOWLEDGE_CONTEXT, { ...subject, ...verdict }, signal);
  }

  return (message) => {
    const key = `${message.context.id}@${message.version}`;
    if (waiting.has(key) || answered.has(key)) return;
    waiting.add(key);
    last = last
      .then(() => answer(message))
      .then(() => answered.add(key))
      .catch((error: unknown) => {
        if (!signal.aborted)
          tools.log.error("a context's version was not acknowledged", { key, reason: messageOf(error) });
      })
      .finally(() => waiting.delete(key));
  };
}
