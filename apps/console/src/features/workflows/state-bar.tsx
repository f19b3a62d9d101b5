import { inBarOrder, type StateShare } from "#features/workflows/state-shares.ts";
import { numberText } from "#components/number-text.ts";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

interface StateBarProps {
  readonly counts: readonly StateShare[];
  readonly className?: string;
}

/** "3 succeeded, 1 running". */
export function sharesText(counts: readonly StateShare[]): string {
  return inBarOrder(counts)
    .map(({ state, count }) => `${numberText(count)} ${TASK_STATES[state].word.toLowerCase()}`)
    .join(", ");
}

/** How many tasks are in each state, as lengths of a bar. */
export function StateBar({ counts, className = "" }: StateBarProps) {
  const shares = inBarOrder(counts);
  return (
    <span
      role="img"
      aria-label={sharesText(counts)}
      title={sharesText(counts)}
      className={`flex h-1.5 gap-px overflow-hidden rounded-full bg-sunken ${className}`}
    >
      {shares.map(({ state, count }) => (
        <span
          key={state}
          // What is still to come is a track, so that the eye reads how far it is.
          className={`min-w-[2px] transition-[flex-grow] duration-300 ${state === "WAITING" || state === "QUEUED" ? "opacity-25" : ""}`}
          style={{ flexGrow: count, flexBasis: 0, background: TASK_STATES[state].colour }}
        />
      ))}
    </span>
  );
}
