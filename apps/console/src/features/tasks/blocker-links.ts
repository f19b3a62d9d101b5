import type { TaskBlockReason } from "#api/generated/graphql.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface Blocker {
  readonly reason: TaskBlockReason;
  readonly message: string;
  readonly key: string | null;
  readonly capability: string | null;
  readonly agent: { readonly id: string; readonly name: string } | null;
  readonly queue: { readonly name: string } | null;
  readonly task: { readonly id: string; readonly title: string } | null;
}

interface NamedLink {
  readonly name: string;
  readonly href: string;
}

const HELD = ["ASSIGNED", "RUNNING", "CANCELLING"];

/** Where to go about what is in a task's way. */
export function blockerLinks(project: ProjectRoute, blocker: Blocker): NamedLink[] {
  const { reason, agent, queue, task, key, capability } = blocker;
  const links: NamedLink[] = [];
  // Named in the sentence itself where that has its id.
  if (task && !blocker.message.includes(task.id)) links.push({ name: task.title, href: routes.task(project, task.id) });
  if (agent) links.push({ name: agent.name, href: routes.agent(project, agent.id) });
  if (queue) links.push({ name: `Queue ${queue.name}`, href: routes.queues(project, { search: queue.name }) });
  if (reason === "QUEUE_LIMIT" && queue) {
    links.push({ name: "What it runs", href: routes.tasks(project, { queue: queue.name, state: HELD }) });
  }
  if (reason === "CONCURRENCY_KEY" && key !== null) {
    links.push({ name: `Tasks with the key ${key}`, href: routes.tasks(project, { key }) });
  }
  if (reason === "WORKSPACE_LIMIT") links.push({ name: "What runs", href: routes.tasks(project, { state: HELD }) });
  if (reason === "RATE_LIMIT") links.push({ name: "Rate limits", href: routes.queues(project) });
  if (
    !agent &&
    [
      "NO_AGENT_WITH_CAPABILITY",
      "AGENTS_NOT_CONNECTED",
      "AGENTS_BUSY",
      "AGENT_SUSPENDED",
      "AGENT_IN_MAINTENANCE",
    ].includes(reason)
  ) {
    links.push({
      name: "Fleet",
      href: routes.fleet(project, capability === null ? {} : { search: `capability:${capability}` }),
    });
  }
  return links;
}
