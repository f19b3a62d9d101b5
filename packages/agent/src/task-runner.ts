import type { Client } from "@muster/client/client.ts";
import { isTransient } from "@muster/client/errors.ts";
import { retry } from "@muster/client/retry.ts";
import type { Task, TaskHandler, Tools } from "./agent-definition.ts";
import type { TakeContextChange } from "./context-changes.ts";
import { FAIL_TASK, READ_DEPENDENCIES, START_TASK, START_TASK_AFTER_CHANGES, type TaskRef } from "./documents.ts";
import { type AbortCause, messageOf, TaskAborted } from "./failure.ts";
import { isLeaseLost, mutate, mutateUntilAnswered } from "./mutate.ts";
import { createRecentKeys } from "./recent-keys.ts";
import { failureReport, runTask } from "./run-task.ts";

export interface TaskRunnerOptions {
  readonly client: Client;
  readonly handlers: Readonly<Record<string, TaskHandler>>;
  readonly concurrency: number;
  /** What is done before a task begins with contexts that have changed by then; null: nothing. */
  readonly takeContextChange: TakeContextChange | null;
  /** Tools for a task, with its signals; `over` aborts with `aborted`, and when its handler is done. */
  readonly tools: (task: Offer, aborted: AbortSignal, discarded: AbortSignal, over: AbortSignal) => Tools;
}

/** A task as it is assigned. */
export interface Offer extends Omit<Task, "dependencies"> {
  /** Whether it has waited for others, whose outputs its handler gets. */
  readonly hasDependencies: boolean;
}

export interface TaskRunner {
  /** Takes an assignment, once per attempt: starts it when there is room and nothing holds new work. */
  accept(offer: Offer): void;
  /** Aborts one task's handler, if it is here. */
  abort(ref: TaskRef, cause: AbortCause, detail?: string): void;
  abortAll(cause: AbortCause): void;
  /** Forgets what has not been started; the server gives it to others. */
  dropOffers(): void;
  /** Nothing new starts until the function that it returns is called. */
  hold(): () => void;
  /** Stops waiting for handlers that ignore their signal: fails their tasks in their stead, and forgets them. */
  abandon(): Promise<void>;
  /** What really runs: started at the server, and not ended or lost. */
  running(): TaskRef[];
  /** Resolves when nothing is running and nothing waits to. */
  idle(): Promise<void>;
}

interface Entry {
  readonly ref: TaskRef;
  readonly task: Offer;
  readonly abort: AbortController;
  readonly discard: AbortController;
  phase: "offered" | "starting" | "started";
}

/** Runs assigned tasks, at most `concurrency` at once. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  const { client, handlers, concurrency, takeContextChange, tools } = options;
  const entries = new Map<string, Entry>();
  const ended = createRecentKeys(1_000);
  let idleWaiters: (() => void)[] = [];
  let holds = 0;

  function remove(entry: Entry): void {
    entries.delete(keyOf(entry.ref));
    if (entries.size > 0) return;
    for (const wake of idleWaiters) wake();
    idleWaiters = [];
  }

  function startWaiting(): void {
    const offered = [...entries.values()].filter((entry) => entry.phase === "offered");
    const room = concurrency - (entries.size - offered.length);
    if (holds === 0) for (const entry of offered.slice(0, Math.max(0, room))) void run(entry);
  }

  async function run(entry: Entry): Promise<void> {
    const { ref, task: offer, abort, discard } = entry;
    const done = new AbortController();
    const own = tools(offer, abort.signal, discard.signal, AbortSignal.any([abort.signal, done.signal]));
    entry.phase = "starting";
    try {
      const task = await withDependencies(client, offer, discard.signal);
      const changes = await start(ref, discard.signal);
      entry.phase = "started";
      own.log.info("task started");
      if (changes.length > 0) await Promise.race([Promise.all(changes), untilAborted(own.signal)]);
      const lost = () => abortEntry(entry, "lease_lost");
      await runTask(client, { task, handler: handlers[task.kind], tools: own, discard, lost });
      ended.add(keyOf(ref));
    } catch (error) {
      // Once the server has taken it back, the same attempt never returns; after any other failure it may be offered again.
      if (isLeaseLost(error)) ended.add(keyOf(ref));
      own.log.warn("task was not started", { reason: messageOf(error) });
    }
    done.abort();
    remove(entry);
    startWaiting();
  }

  /** The server knows better than the inbox, whose messages are still on their way, what has changed before a task starts. */
  async function start(ref: TaskRef, signal: AbortSignal): Promise<Promise<void>[]> {
    if (takeContextChange) {
      const changes = await mutateUntilAnswered(client, START_TASK_AFTER_CHANGES, ref, signal);
      return changes.map(takeContextChange);
    }
    await mutateUntilAnswered(client, START_TASK, ref, signal);
    return [];
  }

  function abortEntry(entry: Entry, cause: AbortCause, detail?: string): void {
    const reason = new TaskAborted(cause, detail);
    entry.abort.abort(reason);
    if (cause === "lease_lost" || cause === "superseded") entry.discard.abort(reason);
    if (entry.phase === "offered") remove(entry);
  }

  return {
    accept(task) {
      const ref = { taskId: task.id, attempt: task.attempt };
      if (entries.has(keyOf(ref)) || ended.has(keyOf(ref))) return;
      for (const older of entries.values()) {
        if (older.ref.taskId === task.id && older.ref.attempt < task.attempt) abortEntry(older, "lease_lost");
      }
      entries.set(keyOf(ref), {
        ref,
        task,
        abort: new AbortController(),
        discard: new AbortController(),
        phase: "offered",
      });
      startWaiting();
    },
    abort(ref, cause, detail) {
      const entry = entries.get(keyOf(ref));
      if (entry) abortEntry(entry, cause, detail);
    },
    abortAll(cause) {
      for (const entry of entries.values()) abortEntry(entry, cause);
    },
    dropOffers() {
      for (const entry of entries.values()) if (entry.phase === "offered") remove(entry);
    },
    hold() {
      holds += 1;
      return () => {
        holds -= 1;
        startWaiting();
      };
    },
    async abandon() {
      const left = [...entries.values()].filter((entry) => !entry.discard.signal.aborted);
      await Promise.all(
        left.map(async ({ ref, abort: { signal }, discard }) => {
          discard.abort(signal.reason);
          await mutate(
            client,
            FAIL_TASK,
            { ...ref, ...failureReport(signal.reason, signal) },
            { timeoutMs: 500 },
          ).catch(() => {});
        }),
      );
      for (const entry of entries.values()) remove(entry);
    },
    running: () =>
      [...entries.values()]
        .filter(({ phase, discard }) => phase === "started" && !discard.signal.aborted)
        .map(({ ref }) => ref),
    idle: () => (entries.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}

/** Before it is started: an agent that cannot read them leaves the task to others. */
async function withDependencies(client: Client, offer: Offer, signal: AbortSignal): Promise<Task> {
  const { hasDependencies, ...task } = offer;
  if (!hasDependencies) return { ...task, dependencies: [] };
  const read = () => client.execute(READ_DEPENDENCIES, { id: task.id }, { signal });
  const { node } = await retry(read, { signal, shouldRetry: isTransient });
  return { ...task, dependencies: node?.dependencies ?? [] };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function keyOf({ taskId, attempt }: TaskRef): string {
  return `${taskId}@${attempt}`;
}
