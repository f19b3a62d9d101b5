import { formatSubjectId } from "@muster/domain/event-subject.ts";
import { formatEventId, formatId } from "@muster/domain/ids.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { getEvents } from "@muster/operations/events/event-queries.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import type { RequestContext } from "../request-context.ts";

const TYPE_NAMES: Record<string, string> = {
  "agent.transitioned": "AgentTransitioned",
  "task.transitioned": "TaskTransitioned",
  "context.version_written": "ContextVersionWritten",
  "context.rollback_settled": "RollbackSettled",
};

/** The GraphQL type of an event of this type. */
function typeNameOf(event: LoggedEvent): string {
  return TYPE_NAMES[event.type] ?? "OtherEvent";
}

export const EventInterface = builder.interfaceRef<LoggedEvent>("Event").implement({
  permission: "event.read",
  description: "Something that has happened. Events are never changed; together they are the whole history.",
  interfaces: [builder.nodeInterfaceRef()] as never,
  fields: (t) => ({
    id: t.id({ description: "Its id: event_ and its number.", resolve: (event) => formatEventId(event.id) }),
    type: t.exposeString("type", { description: "What has happened, as in agent.transitioned." }),
    at: t.field({ type: "DateTime", description: "When.", resolve: (event) => event.at }),
    project: t.id({
      nullable: true,
      description: "The project in which it happened; null for what belongs to a workspace or the installation.",
      resolve: (event) => event.projectId && formatId("project", event.projectId),
    }),
    actor: t.field({
      type: ActorType,
      description: "Who caused it.",
      resolve: (event) => ({ kind: event.actorKind, id: event.actorId, name: event.actorName }),
    }),
    reason: t.exposeString("reason", { nullable: true, description: "Why, in the actor's words." }),
    correlationId: t.exposeString("correlationId", {
      nullable: true,
      description: "The request that caused it, as it stands in the logs.",
    }),
    subjectId: t.id({
      description: "What it happened to.",
      resolve: ({ type, subjectId }) => formatSubjectId(type, subjectId),
    }),
    subjectVersion: t.exposeInt("subjectVersion", { description: "The subject's version after it." }),
    payload: t.field({
      type: "JSON",
      description: "What else there is to say, by type.",
      resolve: (event) => event.payload,
    }),
    labels: t.field({
      type: "JSON",
      nullable: true,
      description: "The labels that the agent which it concerns had then; null when it concerns none.",
      resolve: (event) => event.labels,
    }),
  }),
  resolveType: typeNameOf,
});

/** Every event is loaded as a node through this type; what is loaded says which type it really has. */
const loading = {
  brandLoadedObjects: false,
  loadManyWithoutCache: async (ids: string[], { runtime, caller }: RequestContext) => {
    const events = new Map((await getEvents(runtime, caller, ids)).map((event) => [event.id, event]));
    return ids.map((id) => {
      const event = events.get(id);
      return event ? { ...event, __typename: typeNameOf(event) } : null;
    });
  },
};

export const OtherEventType = builder.objectRef<LoggedEvent>("OtherEvent").implement({
  permission: "event.read",
  description: "An event of any other type: its payload says the rest.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface] as never,
  ...loading,
});
