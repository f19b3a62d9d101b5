export const ROLLBACK_STATES = ["PENDING", "SUCCEEDED", "FAILED"] as const;

/** Whether the agents that use a context have loaded the version that it was rolled back to. */
export type RollbackState = (typeof ROLLBACK_STATES)[number];
