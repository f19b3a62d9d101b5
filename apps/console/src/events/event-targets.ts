import type { EventLineFragment } from "#api/generated/graphql.ts";
import { shortId } from "#components/copyable-id.tsx";
import { numberIn, textIn } from "#events/event-payload.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Something that an event is about, and its address. */
export interface EventTarget {
  /** "Task", "Context". */
  readonly kind: string;
  readonly name: string;
  readonly href: string;
}

/** The pages that an event leads to: what it happened to, and what else it names. */
export function eventTargets(event: EventLineFragment, project: ProjectRoute): readonly EventTarget[] {
  const targets: EventTarget[] = [];
  const add = (kind: string, name: string, href: string) => {
    if (!targets.some((target) => target.href === href)) targets.push({ kind, name, href });
  };
  const { subjectId: id, payload } = event;
  switch (event.__typename) {
    case "AgentTransitioned":
      if (event.agent) add("Agent", event.agent.name, routes.agent(project, event.agent.id));
      break;
    case "TaskTransitioned":
      if (event.task) add("Task", event.task.title, routes.task(project, event.task.id));
      if (event.agent) add("Agent", event.agent.name, routes.agent(project, event.agent.id));
      break;
    case "ContextVersionWritten":
    case "RollbackSettled":
      break;
    case "OtherEvent":
      if (event.agent) add("Agent", event.agent.name, routes.agent(project, event.agent.id));
      else if (id.startsWith("agent_")) add("Agent", textIn(payload, "name") ?? shortId(id), routes.agent(project, id));
      break;
  }
  if (id.startsWith("ctx_")) addContext(event, project, add);
  const slug = textIn(payload, "slug");
  if (id.startsWith("def_") && slug !== undefined) {
    add("Definition", textIn(payload, "name") ?? slug, routes.definition(project, slug));
  }
  if (id.startsWith("wfl_")) add("Workflow", textIn(payload, "name") ?? shortId(id), routes.workflow(project, id));
  if (id.startsWith("sch_")) add("Schedule", textIn(payload, "name") ?? shortId(id), routes.schedule(project, id));
  if (id.startsWith("job_")) add("Bulk job", shortId(id), routes.bulkJob(project, id));
  if (id.startsWith("whk_")) add("Webhook", textIn(payload, "name") ?? shortId(id), routes.webhook(project, id));
  if (/^(que|rate)_/.test(id))
    add("Queues", textIn(payload, "name") ?? textIn(payload, "key") ?? shortId(id), routes.queues(project));
  if (event.actor.kind === "AGENT" && event.actor.id) {
    add("Agent", event.actor.name, routes.agent(project, event.actor.id));
  }
  return targets;
}

/** The context, its version, and what that has changed. */
function addContext(
  event: EventLineFragment,
  project: ProjectRoute,
  add: (kind: string, name: string, href: string) => void,
): void {
  const { subjectId: id, payload } = event;
  const name = ("context" in event && event.context?.name) || textIn(payload, "name") || shortId(id);
  add("Context", name, routes.context(project, id));
  const version = numberIn(payload, "number") ?? numberIn(payload, "version");
  if (version === undefined) return;
  add("Version", String(version), routes.context(project, id, { version }));
  if (event.__typename !== "ContextVersionWritten" || version < 2) return;
  const compare = { from: version - 1, to: version };
  add("Compare", `${compare.from} → ${compare.to}`, routes.context(project, id, { compare }));
}
