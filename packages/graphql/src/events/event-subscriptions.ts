import type { Bookmark, EventDelivery, Frame, RESYNC_REASONS, ResyncRequired } from "@muster/events/frame.ts";
import type { EventFilterInput } from "@muster/operations/events/event-filter.ts";
import { followEvents } from "@muster/operations/events/follow-events.ts";
import { AgentStateEnum } from "../agents/agent-enums.ts";
import { builder } from "../builder.ts";
import { knownUuidsOf, uuidOf } from "../ids.ts";
import type { RequestContext } from "../request-context.ts";
import { TaskStateEnum } from "../tasks/task-enums.ts";
import { EventFilterType, eventFilterOf } from "./event-filter.ts";
import { EventInterface } from "./event.ts";

const CURSOR = "Continues exactly after this frame, on any replica.";

const EventDeliveryType = builder.objectRef<EventDelivery>("EventDelivery").implement({
  permission: "event.read",
  description: "An event. Each comes once, and those about one subject in the order of its versions.",
  fields: (t) => ({
    cursor: t.exposeString("cursor", { description: CURSOR }),
    event: t.field({ type: EventInterface, description: "The event.", resolve: (frame) => frame.event }),
  }),
});

const BookmarkType = builder.objectRef<Bookmark>("Bookmark").implement({
  permission: "event.read",
  description:
    "All before it is whole transactions. Comes when replay has reached the present, and then every few seconds.",
  fields: (t) => ({
    cursor: t.exposeString("cursor", { description: CURSOR }),
    caughtUp: t.exposeBoolean("caughtUp", { description: "Turns true once, when replay has reached the present." }),
  }),
});

const ResyncReasonEnum = builder.enumType("ResyncReason", {
  description: "Why a feed has to be begun anew.",
  values: {
    CURSOR_EXPIRED: { description: "Retention has removed events that come after the cursor." },
    CURSOR_UNKNOWN: { description: "This installation never gave out the cursor." },
    SLOW_CONSUMER: {
      description: "The frames were taken too slowly. Nothing is lost: subscribe again after this cursor.",
    },
  } satisfies Record<(typeof RESYNC_REASONS)[number], { description: string }>,
});

const ResyncRequiredType = builder.objectRef<ResyncRequired>("ResyncRequired").implement({
  permission: "event.read",
  description:
    "The last frame. Read the state again, with Project.cursor or that of a Workspace or the Viewer, and subscribe after that.",
  fields: (t) => ({
    cursor: t.exposeString("cursor", { description: "From here the feed can be continued." }),
    reason: t.field({ type: ResyncReasonEnum, description: "Why.", resolve: (frame) => frame.reason }),
  }),
});

export const EventFrame = builder.unionType("EventFrame", {
  description: "What a feed of events delivers.",
  types: [EventDeliveryType, BookmarkType, ResyncRequiredType],
  resolveType: (frame) => frame.kind,
});

interface Following {
  readonly project: string;
  readonly after?: string | null | undefined;
}

function follow({ project, after }: Following, filter: EventFilterInput, context: RequestContext) {
  const { runtime, caller, feed, lastEventId } = context;
  return followEvents(runtime, caller, feed, {
    projectId: uuidOf("project", project),
    filter,
    after: lastEventId ?? after ?? null,
  }) as never;
}

builder.subscriptionFields((t) => {
  const project = t.arg.id({ required: true, description: "The project." });
  const after = t.arg.string({ description: "Continue after this cursor; without it, begin at the present." });
  const resolve = (frame: Frame) => frame;
  return {
    events: t.field({
      type: EventFrame,
      permission: "event.read",
      description: "What happens in a project.",
      args: { project, after, filter: t.arg({ type: EventFilterType, description: "Which events." }) },
      subscribe: (_root, { filter, ...given }, context) => follow(given, eventFilterOf(filter), context),
      resolve,
    }),
    agentTransitions: t.field({
      type: EventFrame,
      permission: "event.read",
      description: "The transitions of agents, as AgentTransitioned.",
      args: {
        project,
        after,
        agents: t.arg.idList({ description: "Of these agents; of all when it is not given." }),
        states: t.arg({ type: [AgentStateEnum], description: "Those that led to one of these states." }),
        labels: t.arg({
          type: "JSON",
          description: "Of agents that had at least these labels at the time: an object of texts.",
        }),
      },
      subscribe: (_root, { agents, states, labels, ...given }, context) =>
        follow(
          given,
          { types: ["agent.transitioned"], subjects: agents && knownUuidsOf("agent", agents), states, labels },
          context,
        ),
      resolve,
    }),
    taskUpdates: t.field({
      type: EventFrame,
      permission: "event.read",
      description: "The transitions of tasks, as TaskTransitioned.",
      args: {
        project,
        after,
        tasks: t.arg.idList({ description: "Of these tasks; of all when it is not given." }),
        states: t.arg({ type: [TaskStateEnum], description: "Those that led to one of these states." }),
        labels: t.arg({
          type: "JSON",
          description: "Held by, or meant for, agents that had at least these labels at the time: an object of texts.",
        }),
      },
      subscribe: (_root, { tasks, states, labels, ...given }, context) =>
        follow(
          given,
          { types: ["task.transitioned"], subjects: tasks && knownUuidsOf("task", tasks), states, labels },
          context,
        ),
      resolve,
    }),
    contextVersions: t.field({
      type: EventFrame,
      permission: "event.read",
      description: "New versions of contexts, as ContextVersionWritten, and how rollbacks end, as RollbackSettled.",
      args: {
        project,
        after,
        contexts: t.arg.idList({ description: "Of these contexts; of all when it is not given." }),
      },
      subscribe: (_root, { contexts, ...given }, context) =>
        follow(
          given,
          {
            types: ["context.version_written", "context.rollback_settled"],
            subjects: contexts && knownUuidsOf("context", contexts),
          },
          context,
        ),
      resolve,
    }),
  };
});
