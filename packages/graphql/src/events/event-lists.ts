import { type EventScope, listEvents } from "@muster/operations/events/event-queries.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import type { GraphQLResolveInfo } from "graphql";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextType } from "../contexts/context.ts";
import { nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { ViewerType } from "../projects/project-roots.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import type { RequestContext } from "../request-context.ts";
import { TaskType } from "../tasks/task.ts";
import { EventFilterType, eventFilterOf } from "./event-filter.ts";
import { EventInterface } from "./event.ts";

const EventConnection = builder.connectionObject(
  { type: EventInterface, name: "EventConnection", description: "A page of events." },
  { name: "EventEdge", description: "An event in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof EventFilterType.$inferInput | null | undefined;
}

function eventsOf(scopeOf: (ids: readonly string[]) => EventScope) {
  return nestedList(({ runtime, caller }, ids, { filter, ...page }: Listing) =>
    listEvents(runtime, caller, { scope: scopeOf(ids), filter: eventFilterOf(filter), page }),
  );
}

const eventsOfProject = eventsOf((projectIds) => ({ projectIds }));
const eventsOfAgent = eventsOf((agentIds) => ({ agentIds }));
const eventsOfTask = eventsOf((taskIds) => ({ taskIds }));
const eventsOfContext = eventsOf((contextIds) => ({ contextIds }));

builder.objectField(ProjectType, "events", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened in the project, the oldest first: with last: 50 the newest.",
      args: { filter: t.arg({ type: EventFilterType, description: "Which events." }) },
      resolve: (project, page, context) => eventsOfProject(project.id, page, context),
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
      resolve: (agent, page, context) => eventsOfAgent(agent.id, page, context),
    },
    EventConnection,
  ),
);

builder.objectField(TaskType, "timeline", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened to the task, the oldest first.",
      resolve: (task, page, context) => eventsOfTask(task.id, page, context),
    },
    EventConnection,
  ),
);

builder.objectField(ContextType, "timeline", (t) =>
  t.connection(
    {
      type: EventInterface,
      description: "What has happened to the context, the oldest first.",
      resolve: (context, page, request) => eventsOfContext(context.id, page, request),
    },
    EventConnection,
  ),
);

/** The same for every place: a position is one in the whole log. */
const cursor = {
  description:
    "The feed's position, taken before anything else in this query is read: a subscription after it continues without a gap.",
  // In a subscription each event is an execution of its own, and begins later than the operation.
  resolve: (_place: unknown, _arguments: object, { feed, cursor: begun }: RequestContext, info: GraphQLResolveInfo) =>
    info.operation.operation === "subscription" ? feed.tail.cursor : begun,
};

builder.objectField(ProjectType, "cursor", (t) => t.string(cursor));
builder.objectField(WorkspaceType, "cursor", (t) => t.string(cursor));
builder.objectField(ViewerType, "cursor", (t) => t.string(cursor));
