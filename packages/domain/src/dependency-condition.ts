/**
 * When a task that waits for others is ready: all of them have succeeded, the first one has, or all have ended, however they
 * did. Once it can no longer come true the task is cancelled.
 */
export const DEPENDENCY_CONDITIONS = ["ALL_SUCCEEDED", "ANY_SUCCEEDED", "ALL_ENDED"] as const;
export type DependencyCondition = (typeof DEPENDENCY_CONDITIONS)[number];
