import type { DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { builder } from "../builder.ts";

export const TaskStateEnum = builder.enumType("TaskState", {
  description: "The states of a task's lifecycle.",
  values: {
    WAITING: { description: "For other tasks, or for a person." },
    QUEUED: { description: "For an agent, or for its time to come." },
    ASSIGNED: { description: "Offered to an agent, which has not started it yet." },
    RUNNING: { description: "An agent works on it." },
    CANCELLING: { description: "Its agent is asked to stop." },
    SUCCEEDED: { description: "Done; the result is in its output." },
    FAILED: { description: "Given up after its failures; the last one is in its error." },
    CANCELLED: { description: "Ended because someone asked for it." },
    EXPIRED: { description: "Its deadline passed before it was started." },
  } satisfies Record<TaskState, { description: string }>,
});

export const DependencyConditionEnum = builder.enumType("DependencyCondition", {
  description: "When a task that waits for others is ready. Once that can no longer come true it is cancelled.",
  values: {
    ALL_SUCCEEDED: { description: "All of them have succeeded." },
    ANY_SUCCEEDED: { description: "The first one has succeeded." },
    ALL_ENDED: { description: "All of them have ended, however they did." },
  } satisfies Record<DependencyCondition, { description: string }>,
});
