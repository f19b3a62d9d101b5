import { type Permission, PERMISSIONS } from "./permissions.ts";

export const ROLES = ["VIEWER", "OPERATOR", "DEVELOPER", "ADMIN"] as const;
/** What a person or a program is in a project, a workspace or the whole installation. */
export type Role = (typeof ROLES)[number];

const VIEWER = [
  "workspace.read",
  "definition.read",
  "agent.read",
  "task.read",
  "context.read",
  "event.read",
] as const satisfies readonly Permission[];

const OPERATOR = [
  ...VIEWER,
  "agent.transition",
  "agent.rollBack",
  "task.create",
  "task.cancel",
  "task.retry",
  "queue.manage",
  "context.rollBack",
  "view.manage",
  "webhook.read",
] as const satisfies readonly Permission[];

const DEVELOPER = [
  ...OPERATOR,
  "definition.register",
  "agent.register",
  "agent.update",
  "agent.act",
  "schedule.manage",
  "context.write",
  "context.update",
  "webhook.manage",
  "project.update",
  "key.read",
] as const satisfies readonly Permission[];

/** The one matrix of roles: each holds what the one before it holds, and more. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  VIEWER,
  OPERATOR,
  DEVELOPER,
  ADMIN: PERMISSIONS,
};

/** What each role is for, in a sentence. */
export const ROLE_DESCRIPTIONS: Readonly<Record<Role, string>> = {
  VIEWER: "Sees everything but keys, people and the audit log, and changes nothing.",
  OPERATOR: "Also runs the fleet: moves agents, creates, cancels and retries tasks, rolls back, pauses queues.",
  DEVELOPER: "Also builds the fleet: definitions, agents, contexts, schedules and webhooks.",
  ADMIN: "May do everything: people, roles, keys, limits and the audit log too.",
};
