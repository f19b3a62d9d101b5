import type { Client } from "@muster/client/client.ts";
import { retry } from "@muster/client/retry.ts";
import type { AgentDefinition, Tools } from "./agent-definition.ts";
import { ACKNOWLEDGE_CONTEXT, type ContextChanged, READ_CONTEXT_VERSION } from "./documents.ts";
import { messageOf } from "./failure.ts";
import { mutateUntilAnswered } from "./mutate.ts";
import { createRecentKeys } from "./recent-keys.ts";

/**
 * Takes a change of a context, each once: loads the version, lets onContextChanged take it over while no new task starts, and tells
 * the server how that went. Resolves when the hook is through with it, also when it was given before.
 */
export type TakeContextChange = (change: ContextChanged) => Promise<void>;

/**
 * Changes are taken one after the other. An agent without the hook keeps nothing in memory, so it has taken over every version.
 * `hold` keeps new tasks from starting until the function that it returns is called.
 */
export function createContextChanges(
  client: Client,
  hook: AgentDefinition["onContextChanged"],
  tools: Tools,
  hold: () => () => void,
  signal: AbortSignal,
): TakeContextChange {
  const answered = createRecentKeys(1_000);
  const waiting = new Map<string, Promise<void>>();
  let last = Promise.resolve();

  async function takeOver({ context, version, rolledBack }: ContextChanged): Promise<void> {
    if (!hook) return;
    const variables = { id: context.id, number: version, pointer: null };
    const { node } = await retry(() => client.execute(READ_CONTEXT_VERSION, variables, { signal }), { signal });
    if (!node?.version) throw new Error(`Version ${version} of the context ${context.name} cannot be read.`);
    const { id, name, agent } = context;
    await hook({ context: { id, name, shared: agent === null }, version, rolledBack, data: node.version.data }, tools);
  }

  async function answer(change: ContextChanged, taken: () => void): Promise<void> {
    const subject = { contextId: change.context.id, agentId: tools.agent.id, version: change.version };
    const verdict = await takeOver(change).then(
      () => ({ ok: true }),
      (error: unknown) => ({ ok: false, error: messageOf(error) }),
    );
    taken();
    tools.log.info("context changed", { ...subject, rolledBack: change.rolledBack, ...verdict });
    await mutateUntilAnswered(client, ACKNOWLEDGE_CONTEXT, { ...subject, ...verdict }, signal);
  }

  return (change) => {
    const key = change.id;
    const known = waiting.get(key);
    if (known || answered.has(key)) return known ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(key, promise);
    const release = hold();
    const taken = () => {
      release();
      resolve();
    };
    last = last
      .then(() => answer(change, taken))
      .then(() => answered.add(key))
      .catch((error: unknown) => {
        if (!signal.aborted)
          tools.log.error("a context's version was not acknowledged", { key, reason: messageOf(error) });
      })
      .finally(() => waiting.delete(key));
    return promise;
  };
}
