import type { TaskState } from "#api/generated/graphql.ts";

/** A step as it is now. */
export interface LiveStep {
  readonly step: string;
  readonly taskId: string;
  readonly kind: string;
  readonly state: TaskState;
  readonly stateSince: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** What has happened to a step's task. */
export interface StepEvent {
  readonly taskId: string;
  readonly to: TaskState;
  readonly at: string;
}

const ENDED: ReadonlySet<TaskState> = new Set(["SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"]);

/** Whether nothing will become of it any more. */
export function hasEnded(state: TaskState): boolean {
  return ENDED.has(state);
}

/**
 * The steps after what has happened since they were read; events that they already show change nothing. A step without news
 * stays the same object, so that only what has changed is drawn again.
 */
export function withEvents(steps: readonly LiveStep[], events: readonly StepEvent[]): readonly LiveStep[] {
  if (events.length === 0) return steps;
  const newsOf = Map.groupBy(events, ({ taskId }) => taskId);
  return steps.map((step) => newsOf.get(step.taskId)?.reduce(after, step) ?? step);
}

function after(step: LiveStep, { to, at }: StepEvent): LiveStep {
  if (Date.parse(at) <= Date.parse(step.stateSince)) return step;
  return {
    ...step,
    state: to,
    stateSince: at,
    startedAt: to === "RUNNING" ? at : step.startedAt,
    finishedAt: ENDED.has(to) ? at : null,
  };
}
