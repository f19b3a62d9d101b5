import { type EventScope, listEvents } from "@muster/operations/events/event-queries.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { ContextType } from "../contexts/context.ts";
import { ProjectType } from "../projects/project.ts";
import type { RequestContext } from "../request-context.ts";
import { TaskType } from "../tasks/task.ts";
import { EventFilterType, eventFilterOf } from "./event-filter.ts";
import { EventInterface } from "./event.ts";

const EventConnection = builder.connectionObject(
  { type: EventInterface, name: "EventConnection", description: "A page of events." },
  { name: "EventEdge", description: "An event in a page." },
);

type ListArguments = PageArguments & { readonly filter?: typeof EventFilterType.$inferInput | null | undefined };

async function eventsOf(scope: EventScope, { filter, ...page }: ListArguments, { runtime, caller }: RequestContext) {
  return connectionOf(await listEvents(runtime, caller, { scope, filter: eventFilterOf(filter), page }));
}

builder.objectField(ProjectType, "events", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened in the project, the oldest first: with last: 50 the newest.",
      args: { filter: t.arg({ type: EventFilterType, description: "Which events." }) },
      resolve: (project, page, context) => eventsOf({ projectId: project.id }, page, context),
    },
    EventConnection,
  ),
);

builder.objectField(AgentType, "timeline", (t) =>
  t.connection(
    {
      type: EventInterface,
      description:
        "What has happened to the agent, with its tasks and contexts, the oldest first: with last: 50 the newest.",
      args: { filter: t.arg({ type: EventFilterType, description: "Which events." }) },
      resolve: (agent, page, context) => eventsOf({ agentId: agent.id }, page, context),
    },
    EventConnection,
  ),
);

builder.objectField(TaskType, "timeline", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened to the task, the oldest first.",
      resolve: (task, page, context) => eventsOf({ taskId: task.id }, page, context),
    },
    EventConnection,
  ),
);

builder.objectField(ContextType, "timeline", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened to the context, the oldest first.",
      resolve: (context, page, request) => eventsOf({ contextId: context.id }, page, request),
    },
    EventConnection,
  ),
);

builder.objectField(ProjectType, "cursor", (t) =>
  t.string({
    description:
      "The feed's position, taken before anything else in this query is read: a subscription after it continues without a gap.",
    // In a subscription each event is an execution of its own, and begins later than the operation.
    resolve: (_project, _arguments, { feed, cursor }, info) =>
      info.operation.operation === "subscription" ? feed.tail.cursor : cursor,
  }),
);
