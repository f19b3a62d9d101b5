import type { Lifecycle } from "./lifecycle.ts";

export const BULK_JOB_KINDS = ["CANCEL", "RETRY", "TRANSITION"] as const;
export type BulkJobKind = (typeof BULK_JOB_KINDS)[number];

export const BULK_JOB_STATES = ["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"] as const;
export type BulkJobState = (typeof BULK_JOB_STATES)[number];

export const BULK_JOB_ACTIONS = ["SUCCEED", "FAIL", "ABORT"] as const;
export type BulkJobAction = (typeof BULK_JOB_ACTIONS)[number];

export type BulkJobTrigger = "system" | "client";

export const bulkJobLifecycle: Lifecycle<BulkJobState, BulkJobAction, BulkJobTrigger> = {
  name: "bulk job",
  states: BULK_JOB_STATES,
  actions: BULK_JOB_ACTIONS,
  initial: ["RUNNING"],
  rules: [
    { action: "SUCCEED", firedBy: ["system"], from: ["RUNNING"], to: "SUCCEEDED", note: "every target was dealt with" },
    { action: "FAIL", firedBy: ["system"], from: ["RUNNING"], to: "FAILED", note: "some did not end" },
    { action: "ABORT", firedBy: ["client"], from: ["RUNNING"], to: "ABORTED", note: "the rest is left alone" },
  ],
};

/**
 * What has become of one target. PENDING: its turn has not come. STARTED: its agent is asked to stop, and whether it does is
 * watched. SKIPPED: there was nothing to do any more. FAILED: it has not ended in time.
 */
export const BULK_JOB_OUTCOMES = ["PENDING", "STARTED", "SUCCEEDED", "SKIPPED", "FAILED"] as const;
export type BulkJobOutcome = (typeof BULK_JOB_OUTCOMES)[number];
