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
    shape: <path d="M6 1.8v4.4l2.8 1.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />,
  },
};
