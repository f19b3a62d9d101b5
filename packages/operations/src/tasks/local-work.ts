import type { ReadyTask } from "@muster/domain/match-tasks.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import type { Task } from "./task.ts";

/** What may have changed for those who wait for work or hand it out, in a project, or, with null, in any. */
export interface WorkHint {
  readonly projectId: string | null;
  /** Agents of which something may have changed. */
  readonly agentIds: ReadonlySet<string>;
  /** Whether tasks may have become ready besides the `fresh` ones. */
  readonly ready: boolean;
  /** New tasks that are ready at once. */
  readonly fresh: readonly ReadyTask[];
  /** Agents that have completed so many tasks, when nothing else has changed of them. */
  readonly released: ReadonlyMap<string, number>;
}

export type WorkListener = (hint: WorkHint) => void;

/** A hint of this process to itself, and the moves of tasks that it is about (`moveKey`): whether it has said that a task is ready. */
export interface LocalHint extends WorkHint {
  readonly moves: ReadonlyMap<string, boolean>;
}

export interface WorkChange {
  readonly projectId: string;
  /** Of which something may have changed. */
  readonly agentId?: string | null | undefined;
  /** Of the task, if that is what changed: only one that is queued is work. */
  readonly state?: TaskState;
  /** Of the task, as it is now. */
  readonly id?: string;
  readonly version?: number;
  /** The task itself: it is new, and ready at once. */
  readonly fresh?: ReadyTask;
  /** The agent that has completed it. */
  readonly completedBy?: string | null;
}

const listenersOf = oncePerProcess((_: Runtime) => new Set<(hint: LocalHint) => void>());

/** Names one move of a task: the version that it led to. */
export function moveKey(taskId: string, version: number): string {
  return `${taskId} ${version}`;
}

/**
 * Something was committed by this process that makes work or room: a task is ready, or an agent has let one go. The feed says the
 * same to all processes, some milliseconds later.
 */
export function workChanged(runtime: Runtime, changes: readonly WorkChange[]): void {
  const present = listenersOf(runtime);
  if (present.size === 0 || changes.length === 0) return;
  for (const [projectId, own] of Map.groupBy(changes, (change) => change.projectId)) {
    const hint = hintOf(projectId, own);
    for (const listener of present) listener(hint);
  }
}

/** Calls `listener` at each of them, until the returned function is called. */
export function onWorkChanged(runtime: Runtime, listener: (hint: LocalHint) => void): () => void {
  const present = listenersOf(runtime).add(listener);
  return () => present.delete(listener);
}

/** What a new task is to those who hand out work. */
export function newWork(task: Task): WorkChange {
  const { id, projectId, version, state, targetAgentId } = task;
  const fresh = isFresh(task) ? { fresh: { ...task, readySince: task.runAt.getTime() } as ReadyTask } : {};
  return { id, projectId, version, state, agentId: targetAgentId, ...fresh };
}

/** Whether nothing but a free agent is missing, as far as the task itself says. Those meant for one agent are few: they are looked for. */
function isFresh(task: Task): boolean {
  const { state, parkedFor, targetAgentId, concurrencyKey, rateLimitKey } = task;
  return (
    state === "QUEUED" &&
    parkedFor === null &&
    targetAgentId === null &&
    concurrencyKey === null &&
    rateLimitKey === null
  );
}

function hintOf(projectId: string, changes: readonly WorkChange[]): LocalHint {
  const agentIds = new Set<string>();
  const released = new Map<string, number>();
  const fresh: ReadyTask[] = [];
  const moves = new Map<string, boolean>();
  let ready = false;
  for (const change of changes) {
    const { agentId, completedBy, id, version, state } = change;
    const isWork = !completedBy && (state === undefined || state === "QUEUED");
    if (change.fresh) fresh.push(change.fresh);
    else ready ||= isWork;
    if (completedBy) released.set(completedBy, (released.get(completedBy) ?? 0) + 1);
    if (agentId) agentIds.add(agentId);
    if (id !== undefined && version !== undefined) moves.set(moveKey(id, version), isWork);
  }
  return { projectId, agentIds, ready, fresh, released, moves };
}
