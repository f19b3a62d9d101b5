import type { EventLineFragment } from "#api/generated/graphql.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/**
 * Whether an event is news. A task's start says already that it was created and assigned, and that its agent is busy; its
 * end, that the agent is idle again.
 */
export function isNews(event: EventLineFragment): boolean {
  switch (event.__typename) {
    case "AgentTransitioned":
      return event.to !== "BUSY" && !(event.from === "BUSY" && event.to === "IDLE");
    case "TaskTransitioned":
      return event.taskTo !== "ASSIGNED" && event.taskFrom !== null;
    default:
      return true;
  }
}

/** Where an event is told in full: on its agent's page, its context's or its webhook's; in the fleet when it belongs to none. */
export function eventHref(project: ProjectRoute, event: EventLineFragment): string {
  switch (event.__typename) {
    case "AgentTransitioned":
    case "TaskTransitioned":
      if (event.agent) return routes.agent(project, event.agent.id, { event: event.id });
      break;
    case "ContextVersionWritten":
      if (event.context) return routes.context(project, event.context.id, { version: event.number });
      break;
    case "RollbackSettled":
      if (event.context) return routes.context(project, event.context.id, { version: event.version });
      break;
    case "OtherEvent":
      if (event.subjectId.startsWith("agent_")) return routes.agent(project, event.subjectId, { event: event.id });
      if (event.subjectId.startsWith("ctx_")) return routes.context(project, event.subjectId);
      if (event.subjectId.startsWith("whk_")) return routes.webhook(project, event.subjectId);
  }
  return routes.fleet(project);
}
