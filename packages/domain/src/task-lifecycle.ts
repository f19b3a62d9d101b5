import type { Lifecycle } from "./lifecycle.ts";

export const TASK_STATES = [
  "WAITING",
  "QUEUED",
  "ASSIGNED",
  "RUNNING",
  "CANCELLING",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
  "EXPIRED",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const TASK_ACTIONS = [
  "READY",
  "ASSIGN",
  "RETURN",
  "START",
  "COMPLETE",
  "RETRY",
  "FAIL",
  "CANCEL",
  "CONFIRM",
  "EXPIRE",
] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

export type TaskTrigger = "client" | "system" | "agent";

export const taskLifecycle: Lifecycle<TaskState, TaskAction, TaskTrigger> = {
  name: "task",
  states: TASK_STATES,
  actions: TASK_ACTIONS,
  initial: ["QUEUED", "WAITING"],
  rules: [
    { action: "READY", firedBy: ["system"], from: ["WAITING"], to: "QUEUED" },
    { action: "ASSIGN", firedBy: ["system"], from: ["QUEUED"], to: "ASSIGNED", note: "leased, not yet acknowledged" },
    { action: "RETURN", firedBy: ["system"], from: ["ASSIGNED"], to: "QUEUED", note: "no failure counted" },
    { action: "START", firedBy: ["agent"], from: ["ASSIGNED"], to: "RUNNING" },
    { action: "COMPLETE", firedBy: ["agent"], from: ["RUNNING", "CANCELLING"], to: "SUCCEEDED" },
    {
      action: "RETRY",
      firedBy: ["agent", "system"],
      from: ["RUNNING"],
      to: "QUEUED",
      note: "failure counted, backoff",
    },
    {
      action: "FAIL",
      firedBy: ["agent", "system"],
      from: ["RUNNING"],
      to: "FAILED",
      note: "not retryable, or no failures left",
    },
    { action: "CANCEL", firedBy: ["client"], from: ["WAITING", "QUEUED", "ASSIGNED"], to: "CANCELLED" },
    { action: "CANCEL", firedBy: ["client"], from: ["RUNNING"], to: "CANCELLING" },
    {
      action: "CONFIRM",
      firedBy: ["agent", "system"],
      from: ["CANCELLING"],
      to: "CANCELLED",
      note: "by the system after the grace period",
    },
    {
      action: "EXPIRE",
      firedBy: ["system"],
      from: ["WAITING", "QUEUED", "ASSIGNED"],
      to: "EXPIRED",
      note: "past its deadline",
    },
  ],
};

/** States in which an agent holds the task, and a lease runs. */
export const HELD_STATES = ["ASSIGNED", "RUNNING", "CANCELLING"] as const satisfies readonly TaskState[];
