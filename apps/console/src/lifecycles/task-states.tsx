import type { TaskState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state of a task looks. */
export const TASK_STATES: Readonly<Record<TaskState, StateLook>> = {
  WAITING: { word: "Waiting", colour: "var(--color-registered)", shape: SHAPES.dashed },
  QUEUED: {
    word: "Queued",
    colour: "var(--color-registered)",
    shape: <path d="M2 3h8M2 6h8M2 9h5" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />,
  },
  ASSIGNED: {
    word: "Assigned",
    colour: "var(--color-deploying)",
    shape: SHAPES.ring,
  },
  RUNNING: { word: "Running", colour: "var(--color-busy)", shape: SHAPES.play },
  CANCELLING: {
    word: "Cancelling",
    colour: "var(--color-suspended)",
    shape: <path d="M3 3h6v6H3z" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  },
  SUCCEEDED: {
    word: "Succeeded",
    colour: "var(--color-online)",
    shape: SHAPES.check,
  },
  FAILED: {
    word: "Failed",
    colour: "var(--color-error)",
    shape: SHAPES.cross,
  },
  CANCELLED: {
    word: "Cancelled",
    colour: "var(--color-offline)",
    shape: SHAPES.square,
  },
  EXPIRED: {
    word: "Expired",
    colour: "var(--color-maintenance)",
    shape: (
      <path
        d="M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M6 3.7V6l1.7 1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
    ),
  },
};

const ENDED: ReadonlySet<TaskState> = new Set(["SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"]);

/** Whether nothing will happen to a task in this state any more. */
export function taskHasEnded(state: TaskState): boolean {
  return ENDED.has(state);
}
