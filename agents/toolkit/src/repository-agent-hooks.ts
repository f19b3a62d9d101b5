import type { AgentDefinition } from "@muster/agent/agent-definition.ts";
import type { ContextMemory } from "./context-memory.ts";
import { removeAbandonedFolders } from "./temporary-folder.ts";

type Hooks = Pick<AgentDefinition, "onInitialize" | "onActivate" | "onDeactivate" | "onShutdown" | "onContextChanged">;

/**
 * The hooks of an agent that works on repositories: it checks its tools before it connects, has its contexts in mind while it is
 * active, and follows each new version of them, rollbacks included.
 *
 * @param findTools versions of the programs the agent needs, by name; throws when one is missing
 */
export function repositoryAgentHooks(
  memories: readonly ContextMemory<unknown>[],
  findTools: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>,
): Required<Hooks> {
  return {
    async onInitialize({ signal, log }) {
      log.info("tools found", await findTools(signal));
      await removeAbandonedFolders();
    },
    async onActivate({ contexts, log }) {
      for (const memory of memories) {
        const { name } = memory.context;
        try {
          await memory.load(contexts);
          log.info("context loaded", { name });
        } catch (error) {
          log.warn("the agent works without what a context says", { name, error });
        }
      }
    },
    onContextChanged({ context, version, rolledBack, data }, { log }) {
      const memory = memories.find(
        (each) => each.context.name === context.name && each.context.shared === context.shared,
      );
      memory?.replace(version, data);
      if (memory) log.info(rolledBack ? "context rolled back" : "context changed", { name: context.name, version });
    },
    onDeactivate() {
      // They may be out of date when the agent is activated again.
      for (const memory of memories) memory.forget();
    },
    onShutdown({ log }) {
      log.info("shut down");
    },
  };
}
