import type { TaskState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";

const dashed = (
  <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />
);

/** How each state of a task looks. */
export const TASK_STATES: Readonly<Record<TaskState, StateLook>> = {
  WAITING: { word: "Waiting", colour: "var(--color-registered)", shape: dashed },
  QUEUED: {
    word: "Queued",
    colour: "var(--color-registered)",
    shape: <path d="M2 3h8M2 6h8M2 9h5" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />,
  },
  ASSIGNED: {
    word: "Assigned",
    colour: "var(--color-deploying)",
    shape: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  },
  RUNNING: { word: "Running", colour: "var(--color-busy)", shape: <path d="M3 1.8v8.4L10.4 6z" fill="currentColor" /> },
  CANCELLING: {
    word: "Cancelling",
    colour: "var(--color-suspended)",
    shape: <path d="M3 3h6v6H3z" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  },
  SUCCEEDED: {
    word: "Succeeded",
    colour: "var(--color-online)",
    shape: (
      <path
        d="M2 6.4l2.7 2.7L10 3.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    ),
  },
  FAILED: {
    word: "Failed",
    colour: "var(--color-error)",
    shape: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />,
  },
  CANCELLED: {
    word: "Cancelled",
    colour: "var(--color-offline)",
    shape: <rect x="2" y="2" width="8" height="8" rx="1.5" fill="currentColor" />,
  },
  EXPIRED: {
    word: "Expired",
    colour: "var(--color-maintenance)",
    shape: <path d="M6 1.8v4.4l2.8 1.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />,
  },
};
