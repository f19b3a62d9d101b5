import { oncePer } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";

type Listener = (taskId: string) => void;

const listenersOf = oncePer((_: Runtime) => new Set<Listener>());

/** This process has committed chunks of a task: those who follow it here need not wait for the next poll. */
export function chunkStreamed(runtime: Runtime, taskId: string): void {
  for (const listener of listenersOf(runtime)) listener(taskId);
}

/** Calls `listener` at each of them, until the returned function is called. */
export function onChunkStreamed(runtime: Runtime, listener: Listener): () => void {
  const present = listenersOf(runtime).add(listener);
  return () => present.delete(listener);
}
