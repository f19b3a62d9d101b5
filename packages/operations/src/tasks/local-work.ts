import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Told of work or room in a project (null: in any), and of the agents that it concerns in particular. `ready`: a task may have become
 * ready; else only these agents may have changed or have room.
 */
export type WorkListener = (projectId: string | null, agentIds: ReadonlySet<string>, ready: boolean) => void;

interface WorkChange {
  readonly projectId: string;
  readonly agentId?: string | null | undefined;
  /** Of the task, if that is what changed: only one that is queued is work. */
  readonly state?: TaskState;
}

const listenersOf = oncePerProcess((_: Runtime) => new Set<WorkListener>());

/**
 * Something was committed by this process that makes work or room: a task is ready, or an agent has let one go. The feed says the
 * same to all processes, some milliseconds later.
 */
export function workChanged(runtime: Runtime, changes: readonly WorkChange[]): void {
  const present = listenersOf(runtime);
  if (present.size === 0 || changes.length === 0) return;
  for (const [projectId, own] of Map.groupBy(changes, (change) => change.projectId)) {
    const agentIds = new Set(own.flatMap(({ agentId }) => (agentId ? [agentId] : [])));
    const ready = own.some(({ state }) => state === undefined || state === "QUEUED");
    for (const listener of present) listener(projectId, agentIds, ready);
  }
}

/** Calls `listener` at each of them, until the returned function is called. */
export function onWorkChanged(runtime: Runtime, listener: WorkListener): () => void {
  const present = listenersOf(runtime).add(listener);
  return () => present.delete(listener);
}
