import type { Caller } from "@muster/domain/actor.ts";
import type { Feed } from "@muster/events/feed.ts";
import type { Assignments } from "@muster/operations/inbox/assignments.ts";
import type { TaskWatch } from "@muster/operations/tasks/task-watch.ts";
import type { Cohorts } from "./live/cohorts.ts";
import { actingFor, processOf, type Runtime } from "@muster/operations/runtime.ts";

/** What every resolver gets: who asks, and what answers. Made anew for each operation; services are the process's. */
export interface RequestContext {
  readonly caller: Caller;
  /** In the caller's name: the database shows nothing beyond the caller's reach. What operations run on. */
  readonly runtime: Runtime;
  /**
   * The process's own, for what belongs to the installation: people, keys, sessions, the audit chain. Row-level security does not
   * hold it, its statements carry the reach alone. What identity runs on.
   */
  readonly installation: Runtime;
  /** The live side of the log: for subscriptions. */
  readonly feed: Feed;
  /** The live subscriptions of this process that get the same. */
  readonly cohorts: Cohorts;
  /** The feed's position when the operation began, before anything was read for it. */
  readonly cursor: string;
  /** The last frame that the client has, as its transport says: a feed continues after it, whatever the operation says. */
  readonly lastEventId: string | null;
  /** Aborts when the client has gone before it was answered. */
  readonly gone?: AbortSignal;
  /** How work reaches agents: for inboxes and for claims that wait. */
  readonly assignments: Assignments;
  /** For those who wait for a task's end or follow its chunks. */
  readonly taskWatch: TaskWatch;
}

/** What a resolver may run statements on, for a caller. */
export function runtimesOf(runtime: Runtime, caller: Caller): Pick<RequestContext, "runtime" | "installation"> {
  return { runtime: actingFor(runtime, caller), installation: processOf(runtime) };
}
