import type { Lifecycle } from "./lifecycle.ts";

export const WORKFLOW_STATES = ["RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type WorkflowState = (typeof WORKFLOW_STATES)[number];

export const WORKFLOW_ACTIONS = ["SUCCEED", "FAIL", "CANCEL"] as const;
export type WorkflowAction = (typeof WORKFLOW_ACTIONS)[number];

export type WorkflowTrigger = "system";

export const workflowLifecycle: Lifecycle<WorkflowState, WorkflowAction, WorkflowTrigger> = {
  name: "workflow",
  states: WORKFLOW_STATES,
  actions: WORKFLOW_ACTIONS,
  initial: ["RUNNING"],
  rules: [
    {
      action: "SUCCEED",
      firedBy: ["system"],
      from: ["RUNNING"],
      to: "SUCCEEDED",
      note: "all its tasks have succeeded; with CONTINUE, the final ones",
    },
    {
      action: "FAIL",
      firedBy: ["system"],
      from: ["RUNNING"],
      to: "FAILED",
      note: "all have ended, one failed or expired",
    },
    {
      action: "CANCEL",
      firedBy: ["system"],
      from: ["RUNNING"],
      to: "CANCELLED",
      note: "all have ended after someone cancelled it, or some of them",
    },
  ],
};

/**
 * What becomes of the rest of a workflow when one of its tasks does not succeed: when it fails, expires or is cancelled.
 * CANCEL_ALL: every task that has not ended is cancelled. SKIP_DEPENDENTS: only those that can no longer become ready.
 * CONTINUE: the same, and at the end only the final tasks count, those that no other task of the workflow waits for.
 */
export const FAILURE_POLICIES = ["CANCEL_ALL", "SKIP_DEPENDENTS", "CONTINUE"] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];
