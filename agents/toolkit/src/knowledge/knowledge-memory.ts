import type { Contexts } from "@muster/agent/contexts.ts";
import { mergeKnowledge, type Learned } from "./merge-knowledge.ts";
import { knowledgeContextName, readKnowledge, type RepositoryKnowledge } from "./repository-knowledge.ts";

/** What an agent process knows now: its copy of the shared context, always of the newest version it has seen. */
export class KnowledgeMemory {
  #version = -1;
  #knowledge: RepositoryKnowledge = readKnowledge(null);

  get knowledge(): RepositoryKnowledge {
    return this.#knowledge;
  }

  /**
   * Reads the context.
   *
   * @throws UnreadableKnowledge
   */
  async load(contexts: Contexts): Promise<void> {
    const context = await contexts.open(knowledgeContextName, { shared: true });
    const { version, data } = await context.read();
    this.replace(version, data);
  }

  /**
   * Takes over a version, unless a newer one is known already. A rollback is a newer version with older knowledge.
   *
   * @throws UnreadableKnowledge, and keeps what it knew
   */
  replace(version: number, data: unknown): void {
    const knowledge = readKnowledge(data);
    if (version < this.#version) return;
    this.#version = version;
    this.#knowledge = knowledge;
  }

  /** Adds to the context what a task found out, together with what other agents write at the same time. */
  async learn(contexts: Contexts, learned: Learned, message: string): Promise<void> {
    const context = await contexts.open(knowledgeContextName, { shared: true });
    let merged: RepositoryKnowledge | undefined;
    const { version } = await context.update(
      (data) => {
        merged = mergeKnowledge(readKnowledge(data), learned, new Date().toISOString());
        return merged;
      },
      { message },
    );
    this.replace(version, merged);
  }

  forget(): void {
    this.#version = -1;
    this.#knowledge = readKnowledge(null);
  }
}
