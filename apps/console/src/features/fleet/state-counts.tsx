import type { AgentState } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";
import { AgentStateBar } from "#lifecycles/agent-state-bar.tsx";
import { type AgentStateCount, presentStates } from "#lifecycles/agent-state-counts.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface StateCountsProps {
  readonly counts: readonly AgentStateCount[];
  /** The states that the list is narrowed to. */
  readonly chosen: readonly AgentState[];
  readonly onToggle: (state: AgentState) => void;
}

/** The whole fleet's states: as a bar, and as buttons that narrow the list to some. */
export function StateCounts({ counts, chosen, onToggle }: StateCountsProps) {
  const present = presentStates(counts, chosen);
  const said = present.map(({ state, count }) => `${count} ${AGENT_STATES[state].word.toLowerCase()}`).join(", ");
  return (
    <div className="grid gap-2.5">
      {present.some(({ count }) => count > 0) && <AgentStateBar counts={present} label={`The fleet: ${said}`} />}
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
