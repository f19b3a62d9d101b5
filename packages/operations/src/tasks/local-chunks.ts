import type { Runtime } from "../runtime.ts";

type Listener = (taskId: string) => void;

const listeners = new WeakMap<Runtime, Set<Listener>>();

/** This process has committed chunks of a task: those who follow it here need not wait for the next poll. */
export function chunkStreamed(runtime: Runtime, taskId: string): void {
  for (const listener of listeners.get(runtime) ?? []) listener(taskId);
}

/** Calls `listener` at each of them, until the returned function is called. */
export function onChunkStreamed(runtime: Runtime, listener: Listener): () => void {
  const present = listeners.get(runtime) ?? new Set();
  listeners.set(runtime, present.add(listener));
  return () => present.delete(listener);
}
