import type { Found, FoundById } from "#features/shell/palette/use-found.ts";
import { projectRoute, type ProjectRoute, routes } from "#routes.ts";

/** A thing of the project that was looked for: what it is called, what it is, and where its page is. */
export interface FoundItem {
  readonly value: string;
  readonly label: string;
  readonly note: string;
  readonly href: string;
}

/** What was found, the one with the id first. */
export function foundItems(project: ProjectRoute, { byName, byId, text }: Found): FoundItem[] {
  const items: FoundItem[] = [];
  const known = byId && itemOf(project, byId);
  if (known) items.push(known);
  const event = /^event_\d+$/.test(text) && routes.activity(project, { event: text });
  if (event) items.push({ value: text, label: text, note: "Event", href: event });
  const nodes = <Node>(connection: { readonly edges: readonly { readonly node: Node }[] } | undefined) =>
    connection?.edges.map(({ node }) => node) ?? [];
  for (const { id, name, state } of nodes(byName?.agents))
    items.push({ value: id, label: name, note: `Agent, ${state.toLowerCase()}`, href: routes.agent(project, id) });
  for (const { id, name, agent } of nodes(byName?.contexts)) {
    const note = agent ? `Context of ${agent.name}` : "Shared context";
    items.push({ value: id, label: name, note, href: routes.context(project, id) });
  }
  for (const task of nodes(byName?.tasks)) {
    const note = `Task, ${task.state.toLowerCase()}`;
    items.push({ value: task.id, label: task.title, note, href: routes.task(project, task.id) });
  }
  for (const { id, name } of nodes(byName?.workflows))
    items.push({ value: id, label: name, note: "Workflow", href: routes.workflow(project, id) });
  for (const { id, name } of nodes(byName?.schedules))
    items.push({ value: id, label: name, note: "Schedule", href: routes.schedule(project, id) });
  for (const { id, name } of nodes(byName?.queues))
    items.push({ value: id, label: name, note: "Queue", href: routes.queues(project, { search: name }) });
  return items.filter(({ value }, at) => items.findIndex((other) => other.value === value) === at);
}

/** A thing that was asked for by its id: it may be of another project. Null for what has no page. */
function itemOf(current: ProjectRoute, node: FoundById): FoundItem | null {
  const value = node.id;
  switch (node.__typename) {
    case "Agent":
      return { value, label: node.name, note: "Agent", href: routes.agent(projectRoute(node.project.path), value) };
    case "Task":
      return { value, label: node.title, note: "Task", href: routes.task(projectRoute(node.project.path), value) };
    case "Context":
      return { value, label: node.name, note: "Context", href: routes.context(projectRoute(node.project.path), value) };
    case "ContextVersion": {
      const { number, context } = node;
      const href = routes.context(projectRoute(context.project.path), context.id, { version: number });
      return { value, label: `${context.name} ${number}`, note: "Version", href };
    }
    case "Workflow":
      return {
        value,
        label: node.name,
        note: "Workflow",
        href: routes.workflow(projectRoute(node.project.path), value),
      };
    case "Schedule":
      return {
        value,
        label: node.name,
        note: "Schedule",
        href: routes.schedule(projectRoute(node.project.path), value),
      };
    case "Queue": {
      const href = routes.queues(projectRoute(node.project.path), { search: node.name });
      return { value, label: node.name, note: "Queue", href };
    }
    case "BulkJob":
      return { value, label: value, note: "Bulk job", href: routes.bulkJob(projectRoute(node.project.path), value) };
    case "Webhook":
      return { value, label: node.name, note: "Webhook", href: routes.webhook(projectRoute(node.project.path), value) };
    case "AgentDefinition":
      return { value, label: node.name, note: "Definition", href: routes.definition(current, value) };
    default:
      return null;
  }
}
