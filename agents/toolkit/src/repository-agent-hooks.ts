import type { AgentDefinition } from "@muster/agent/agent-definition.ts";
import type { KnowledgeMemory } from "./knowledge/knowledge-memory.ts";
import { knowledgeContextName } from "./knowledge/repository-knowledge.ts";
import { removeAbandonedFolders } from "./temporary-folder.ts";

type Hooks = Pick<AgentDefinition, "onInitialize" | "onActivate" | "onDeactivate" | "onShutdown" | "onContextChanged">;

/**
 * The hooks of an agent that works on repositories: it checks its tools before it connects, knows what the shared context
 * says while it is active, and follows each new version of it, rollbacks included.
 *
 * @param findTools versions of the programs the agent needs, by name; throws when one is missing
 */
export function repositoryAgentHooks(
  memory: KnowledgeMemory,
  findTools: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>,
): Required<Hooks> {
  return {
    async onInitialize({ signal, log }) {
      log.info("tools found", await findTools(signal));
      await removeAbandonedFolders();
    },
    async onActivate({ contexts, log }) {
      try {
        await memory.load(contexts);
        log.info("knowledge loaded", { repositories: Object.keys(memory.knowledge.repositories).length });
      } catch (error) {
        log.warn("the agent works without the shared knowledge", { error });
      }
    },
    onContextChanged({ context, version, rolledBack, data }, { log }) {
      if (context.name !== knowledgeContextName || !context.shared) return;
      memory.replace(version, data);
      log.info(rolledBack ? "knowledge rolled back" : "knowledge changed", { version });
    },
    onDeactivate() {
      memory.forget(); // it may be out of date when the agent is activated again
    },
    onShutdown({ log }) {
      log.info("shut down");
    },
  };
}
