import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";

type Listener = (taskId: string) => void;

const listenersOf = oncePerProcess((_: Runtime) => new Set<Listener>());

/** This process has committed a report of a task's progress: those who follow it here need not wait for the next poll. */
export function progressReported(runtime: Runtime, taskId: string): void {
  for (const listener of listenersOf(runtime)) listener(taskId);
}

/** Calls `listener` at each of them, until the returned function is called. */
export function onProgressReported(runtime: Runtime, listener: Listener): () => void {
  const present = listenersOf(runtime).add(listener);
  return () => present.delete(listener);
}
