import type { Client } from "@muster/client/client.ts";
import type { FollowOptions } from "@muster/client/follow.ts";
import type { AgentIdentity } from "./agent-definition.ts";
import { type EventFrameData, FOLLOW_EVENTS } from "./documents.ts";

/** What happened in the project: one entry of its log. */
export interface ProjectEvent {
  readonly id: string;
  /** As in `task.transitioned`. */
  readonly type: string;
  readonly at: Date;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly reason: string | null;
  readonly correlationId: string | null;
  /** The agent, task, context, … that it is about, and which version of it this made. */
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly payload: unknown;
}

/** Which events: all that is given has to hold, and of a list any one. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly subjects?: readonly string[];
  readonly agents?: readonly string[];
  readonly tasks?: readonly string[];
  readonly contexts?: readonly string[];
  readonly actors?: readonly string[];
  /** Transitions that led to one of these states, as in ERROR or FAILED. */
  readonly states?: readonly string[];
  /** Labels of the agent that is concerned. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly search?: string;
}

export interface FollowEventsOptions extends Pick<
  FollowOptions<EventFrameData, object>,
  "after" | "onBookmark" | "onResync" | "signal"
> {
  /** All events of the project by default. */
  readonly filter?: EventFilter;
  /** Called for each event once, in order; the next one waits for its promise. */
  readonly onEvent: (event: ProjectEvent, cursor: string) => void | Promise<void>;
}

export interface Events {
  /**
   * Follows what happens in the agent's project, across lost connections and restarts of the server, from `after` or else
   * from now on. Keep the cursor of `onBookmark` where it survives this process, and nothing is missed while it is away.
   * Resolves when `signal` aborts, the agent ends, or for a task's tools when the task does.
   * @throws what a handler throws, and why the server refuses it.
   */
  follow(options: FollowEventsOptions): Promise<void>;
}

/** `signal` ends everything that is followed. */
export function createEvents(client: Client, { projectId }: AgentIdentity, signal: AbortSignal): Events {
  return {
    follow: ({ filter, onEvent, signal: own, ...options }) =>
      client.follow({
        ...options,
        document: FOLLOW_EVENTS,
        variables: { project: projectId, filter: filter ?? {} },
        onEvent: (event, cursor) => onEvent({ ...event, at: new Date(event.at) }, cursor),
        signal: own ? AbortSignal.any([own, signal]) : signal,
      }),
  };
}
