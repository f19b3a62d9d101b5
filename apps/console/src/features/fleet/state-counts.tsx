import type { AgentState } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface StateCount {
  readonly state: AgentState;
  readonly count: number;
}

/** Trouble first, then work, then the rest. */
const ORDER: readonly AgentState[] = [
  "ERROR",
  "UNRESPONSIVE",
  "BUSY",
  "IDLE",
  "ONLINE",
  "DEPLOYING",
  "SUSPENDED",
  "MAINTENANCE",
  "REGISTERED",
  "OFFLINE",
  "DECOMMISSIONED",
];

interface StateCountsProps {
  readonly counts: readonly StateCount[];
  /** The states that the list is narrowed to. */
  readonly chosen: readonly AgentState[];
  readonly onToggle: (state: AgentState) => void;
}

/** The whole fleet's states: as a bar, and as buttons that narrow the list to some. */
export function StateCounts({ counts, chosen, onToggle }: StateCountsProps) {
  const present = counts
    .filter(({ state, count }) => count > 0 || chosen.includes(state))
    .sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  const said = present.map(({ state, count }) => `${count} ${AGENT_STATES[state].word.toLowerCase()}`).join(", ");
  return (
    <div className="grid gap-2.5">
      <div role="img" aria-label={`The fleet: ${said}`} className="flex h-2.5 gap-px overflow-hidden rounded-sm">
        {present.map(({ state, count }) => (
          <span
            key={state}
            title={`${AGENT_STATES[state].word}: ${count}`}
            className="min-w-0.5 motion-safe:transition-[flex-grow] motion-safe:duration-300"
            style={{ flexGrow: count, flexBasis: 0, background: AGENT_STATES[state].colour }}
          />
        ))}
      </div>
      <div role="group" aria-label="Show only agents in these states" className="flex flex-wrap gap-1.5">
        {present.map(({ state, count }) => (
          <button
            key={state}
            type="button"
            aria-pressed={chosen.includes(state)}
            onClick={() => onToggle(state)}
            className="inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 py-0.5 text-muted hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
          >
            <StateIcon look={AGENT_STATES[state]} />
            {AGENT_STATES[state].word}
            <b className="font-semibold text-ink tabular-nums">{numberText(count)}</b>
          </button>
        ))}
      </div>
    </div>
  );
}
