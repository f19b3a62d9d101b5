/** What an actor may do: subject and verb. Each operation asks for exactly one. */
export const PERMISSIONS = [
  "workspace.read",
  "workspace.create",
  "workspace.update",
  "project.create",
  "project.update",
  "definition.read",
  "definition.register",
  "agent.read",
  "agent.register",
  "agent.update",
  /** Take an agent back to an earlier bundle: definition version, config, limits and own contexts. */
  "agent.rollBack",
  "agent.transition",
  /** Speak as an agent: connect, heartbeat, hold tasks, answer rollbacks. Agents have it for themselves only. */
  "agent.act",
  "task.read",
  "task.create",
  "task.cancel",
  "task.retry",
  /** Pause and limit queues, set rate limits. */
  "queue.manage",
  "schedule.manage",
  "context.read",
  "context.write",
  "context.rollBack",
  /** Set a context's schema and retention. */
  "context.update",
  "event.read",
  /** Save and remove what screens show under a name, for everybody in the project. */
  "view.manage",
  "webhook.read",
  "webhook.manage",
  /** See who has which role. */
  "member.read",
  /** Invite people, give and take roles; none that holds what the giver lacks. */
  "member.manage",
  "key.read",
  /** Make, rotate and revoke keys of programs. */
  "key.manage",
  "audit.read",
  /** Of the whole installation: disable people, end their sessions, let them set a new password. */
  "user.manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What the key of an agent may do, within its project. `agent.act` and private contexts are further limited to itself. */
export const AGENT_PERMISSIONS = [
  "workspace.read",
  "definition.read",
  "agent.read",
  "agent.act",
  "task.read",
  "task.create",
  "context.read",
  "context.write",
  "event.read",
] as const satisfies readonly Permission[];
