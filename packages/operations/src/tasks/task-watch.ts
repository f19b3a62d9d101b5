import { statement } from "@muster/database/statement.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { Topics } from "@muster/events/topics.ts";
import type { Runtime } from "../runtime.ts";
import { onProgressReported } from "./local-progress.ts";
import { ENDED } from "./task.ts";

/** How far a task is, for those who wait for it. */
export interface TaskStatus {
  readonly ended: boolean;
  /** How many chunks it has streamed; when it has ended, there will be no more. */
  readonly chunkCount: number;
  /** Whether no agent has it: what is in its way changes without it. */
  readonly waits: boolean;
  /** Rises with each transition. */
  readonly version: number;
  readonly progress: number | null;
  readonly progressMessage: string | null;
}

type Listener = (status: TaskStatus) => void;

/** Hints can be lost, and chunks of other replicas come without: all that is watched is read at least this often. */
const POLL_MS = 500;

const statuses = statement<TaskStatus & { id: string }>(`
  select t.id, t.state = any(${ENDED}) as ended, t.chunk_count as "chunkCount", t.state in ('WAITING', 'QUEUED') as waits, t.version, t.progress,
    t.progress_message as "progressMessage"
  from tasks t where t.id = any($1::uuid[])`);

/**
 * Watches tasks for all in this process who wait for their ends or follow their chunks, however many: what is to be looked at
 * while one look is under way is looked at together afterwards. One for each process; `observe` wants the events of all
 * projects as the feed reads them.
 */
export class TaskWatch {
  readonly #runtime: Runtime;
  /** Told of outages of the database; what waits goes on by itself. */
  readonly onError: (error: Error) => void;
  readonly #listeners = new Topics<string, Listener>();
  readonly #wanted = new Set<string>();
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  #reading: Promise<void> | null = null;
  /** Aborts when nobody is to wait here any more. */
  readonly closing: AbortSignal = this.#closing.signal;

  constructor(runtime: Runtime, onError: (error: Error) => void) {
    this.#runtime = runtime;
    this.onError = onError;
    this.#stopListening = onProgressReported(runtime, (taskId) => this.#want([taskId]));
    this.#timer = setInterval(() => this.#want(this.#listeners.keys()), POLL_MS);
    this.#timer.unref();
  }

  readonly observe = (events: readonly Pick<LoggedEvent, "type" | "subjectId">[]): void => {
    // An empty list says that events may have been passed over.
    if (events.length === 0) return this.#want(this.#listeners.keys());
    this.#want(events.flatMap(({ type, subjectId }) => (type === "task.transitioned" ? [subjectId] : [])));
  };

  /**
   * Calls `listener` with what a look at the task finds: at once, whenever something may have changed, and at least twice a
   * second, until the returned function is called. Asks for no permission.
   */
  watch(taskId: string, listener: Listener): () => void {
    this.#listeners.add(taskId, listener);
    this.#want([taskId]);
    return () => this.#listeners.delete(taskId, listener);
  }

  /** Whether the task ends before `ms` have passed, `gone` aborts, or the process stops: then it resolves at once. */
  waitForEnd(taskId: string, ms: number, gone?: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stop = gone ? AbortSignal.any([gone, this.closing]) : this.closing;
    if (stop.aborted) return Promise.resolve(false);
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, ms);
    stop.addEventListener("abort", giveUp, { once: true });
    const unwatch = this.watch(taskId, ({ ended }) => {
      if (ended) resolve(true);
    });
    return promise.finally(() => {
      clearTimeout(timer);
      stop.removeEventListener("abort", giveUp);
      unwatch();
    });
  }

  /** Lets go of all who wait. Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#stopListening();
    await this.#reading;
  }

  #want(taskIds: Iterable<string>): void {
    for (const taskId of taskIds) {
      if (this.#listeners.has(taskId)) this.#wanted.add(taskId);
    }
    this.#read();
  }

  #read(): void {
    if (this.#reading || this.#wanted.size === 0 || this.closing.aborted) return;
    this.#reading = this.#look().finally(() => {
      this.#reading = null;
      this.#read();
    });
  }

  async #look(): Promise<void> {
    // What one turn of the event loop asks for is read together.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    const taskIds = [...this.#wanted];
    this.#wanted.clear();
    try {
      for (const { id, ...status } of await this.#runtime.database.run(statuses, [taskIds])) {
        for (const listener of this.#listeners.of(id)) listener(status);
      }
    } catch (error) {
      // The next poll reads them again.
      this.onError(error as Error);
    }
  }
}
