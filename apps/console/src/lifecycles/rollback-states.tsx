import type { RollbackState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state of a rollback, and each agent's answer to it, looks. */
export const ROLLBACK_STATES: Readonly<Record<RollbackState, StateLook>> = {
  PENDING: {
    word: "Pending",
    colour: "var(--color-busy)",
    shape: <g className="origin-center motion-safe:animate-spin">{SHAPES.arc}</g>,
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
};

/** A rollback's state as shape, colour and word. */
export function RollbackStateBadge({ state }: { readonly state: RollbackState }) {
  return <StateBadge look={ROLLBACK_STATES[state]} />;
}
