import type { Contexts } from "./contexts.ts";
import type { Events } from "./events.ts";
import type { Log } from "./log.ts";

/** What an agent program is: handlers for kinds of tasks, and hooks around its life. */
export interface AgentDefinition {
  /** For the log only; the agent's identity comes from its environment. */
  readonly name: string;
  /** What it can do, besides the kinds of its tasks. */
  readonly capabilities?: readonly string[];
  /** How many tasks run at once in this process; the registry's `maxConcurrency` holds as well. */
  readonly concurrency?: number;
  /** A handler for each kind of task. Its value is the task's output; what it throws fails the task (see `TaskFailure`). */
  readonly tasks: Readonly<Record<string, TaskHandler>>;
  /** Before the agent connects. When it throws, the agent is marked ERROR and the process ends. */
  readonly onInitialize?: Hook;
  /** Connected, or back at work after a pause: tasks may come as soon as it resolves. */
  readonly onActivate?: Hook;
  /** No task is running, and none will come until the next `onActivate`. */
  readonly onDeactivate?: Hook;
  /** The last thing that happens. */
  readonly onShutdown?: Hook;
  /**
   * A context that the agent uses has another version. No new task starts until it resolves, which confirms the version;
   * when it throws, the version is refused with that error, and a rollback fails until somebody retries it: then it is called
   * again. Tasks that run go on meanwhile. A task that starts after a rollback never begins before this has resolved.
   */
  readonly onContextChanged?: (change: ContextChange, tools: Tools) => void | Promise<void>;
}

export type Hook = (tools: Tools) => void | Promise<void>;
export type TaskHandler = (task: Task, tools: TaskTools) => unknown;

export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly input: unknown;
  /** Rises with each assignment, and fences this one: results of an older attempt are refused. */
  readonly attempt: number;
  readonly leaseUntil: Date;
  /** The tasks that it has waited for, as they were just before it started; empty when there were none. */
  readonly dependencies: readonly Dependency[];
}

/** A task that another one has waited for. */
export interface Dependency {
  readonly id: string;
  /** Its name in the workflow that it is a step of, or null. */
  readonly step: string | null;
  readonly state: string;
  /** Null unless it has succeeded, and when its result was not kept so long. */
  readonly output: unknown;
}

export interface ContextChange {
  readonly context: { readonly id: string; readonly name: string; readonly shared: boolean };
  readonly version: number;
  /** Whether the version is a rollback. */
  readonly rolledBack: boolean;
  readonly data: unknown;
}

/** What the registry knows about the agent that this process is. */
export interface AgentIdentity {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
}

export interface Tools {
  readonly agent: AgentIdentity;
  /** Aborts when the agent stops; a task's, also when it is cancelled or its lease is lost. Its reason is a `TaskAborted`. */
  readonly signal: AbortSignal;
  readonly contexts: Contexts;
  readonly events: Events;
  readonly log: Log;
}

export interface TaskTools extends Tools {
  /**
   * Tells how far the task is (0 to 1), what it does, and hands out a chunk of its result. Updates without a chunk are
   * thinned out, chunks never. The promise resolves when the server has it, for those who stream faster than the network.
   */
  progress(fraction: number | null, message?: string, chunk?: unknown): Promise<void>;
}
