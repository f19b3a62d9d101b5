import type { Contexts } from "@muster/agent/contexts.ts";
import { ContextMemory } from "../context-memory.ts";
import { mergeKnowledge, type Learned } from "./merge-knowledge.ts";
import { knowledgeContextName, readKnowledge, type RepositoryKnowledge } from "./repository-knowledge.ts";

/** What an agent knows of what all agents of its project have learned. Data of another shape throws UnreadableKnowledge. */
export class KnowledgeMemory extends ContextMemory<RepositoryKnowledge> {
  constructor() {
    super({ name: knowledgeContextName, shared: true }, readKnowledge);
  }

  get knowledge(): RepositoryKnowledge {
    return this.value;
  }

  /** Adds to the context what a task found out, together with what other agents write at the same time. */
  async learn(contexts: Contexts, learned: Learned, message: string): Promise<void> {
    await this.update(contexts, (known) => mergeKnowledge(known, learned, new Date().toISOString()), message);
  }
}
