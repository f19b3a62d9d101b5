import { HELD_STATES } from "@muster/domain/task-lifecycle.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { Topics } from "@muster/events/topics.ts";

/** What a hint needs of an event. */
export type HintEvent = Pick<LoggedEvent, "type" | "projectId" | "agentId" | "payload">;

/**
 * Tells those who wait for work, in this process, that it is worth asking the database again. Made from the events that the
 * feed reads; a hint that is lost costs the time until the next poll.
 */
export class WorkHints {
  readonly #work = new Topics<string | null, (projectId: string) => void>();
  readonly #agents = new Topics<null, (hint: AgentHint) => void>();

  /** To be called with the events of all projects as they come. */
  readonly observe = (events: readonly HintEvent[]): void => {
    const projects = new Set<string>();
    for (const { type, projectId, agentId, payload } of events) {
      if (projectId === null) continue;
      if (type.startsWith("agent.") || (type === "task.transitioned" && makesWork(payload))) projects.add(projectId);
      if (agentId !== null || type.startsWith("context.")) this.#toAgents({ projectId, agentId });
    }
    for (const projectId of projects) {
      for (const listener of [...this.#work.of(projectId), ...this.#work.of(null)]) listener(projectId);
    }
  };

  /** Calls `listener` when a task of a project may be ready or an agent free, until the returned function is called. */
  onWork(projectId: string | null, listener: (projectId: string) => void): () => void {
    this.#work.add(projectId, listener);
    return () => this.#work.delete(projectId, listener);
  }

  /** Calls `listener` when there may be something to tell an agent; without `agentId`, any agent of the project. */
  onAgent(listener: (hint: AgentHint) => void): () => void {
    this.#agents.add(null, listener);
    return () => this.#agents.delete(null, listener);
  }

  /** Resolves at the next hint of work in the project, after `ms`, or when `signal` aborts. */
  waitForWork(projectId: string, ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    if (signal.aborted) return Promise.resolve();
    const timer = setTimeout(end, ms);
    const stop = this.onWork(projectId, end);
    signal.addEventListener("abort", end, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener("abort", end);
    });
  }

  #toAgents(hint: AgentHint): void {
    for (const listener of this.#agents.of(null)) listener(hint);
  }
}

export interface AgentHint {
  readonly projectId: string;
  readonly agentId: string | null;
}

/** A task is queued, or one has ended: its agent has room again, and its concurrency key is free. */
function makesWork(payload: unknown): boolean {
  const { from, to } = payload as { from: string | null; to: string };
  const isHeld = (state: string | null) => HELD_STATES.some((held) => held === state);
  return to === "QUEUED" || (isHeld(from) && !isHeld(to));
}
