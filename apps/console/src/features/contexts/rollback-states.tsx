import type { RollbackState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

/** How each state of a rollback, and each agent's answer to it, looks. */
export const ROLLBACK_STATES: Readonly<Record<RollbackState, StateLook>> = {
  PENDING: {
    word: "Pending",
    colour: "var(--color-busy)",
    shape: (
      <path
        d="M6 1.5A4.5 4.5 0 1 1 1.5 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        className="origin-center motion-safe:animate-spin"
      />
    ),
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
};

/** A rollback's state as shape, colour and word. */
export function RollbackStateBadge({ state }: { readonly state: RollbackState }) {
  return (
    <span className="inline-flex items-center gap-1.5 font-[550] whitespace-nowrap">
      <StateIcon look={ROLLBACK_STATES[state]} />
      {ROLLBACK_STATES[state].word}
    </span>
  );
}
