import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import type { AgentStateCount } from "#lifecycles/agent-state-counts.ts";

interface AgentStateBarProps {
  /** In the order in which they are told. */
  readonly counts: readonly AgentStateCount[];
  /** What it says to who does not see it; nothing where the counts stand beside it as text. */
  readonly label?: string;
}

/** How many agents are in each state, as lengths of a bar. */
export function AgentStateBar({ counts, label }: AgentStateBarProps) {
  return (
    <div
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      className="flex h-2.5 gap-px overflow-hidden rounded-sm"
    >
      {counts.map(({ state, count }) => (
        <span
          key={state}
          title={`${AGENT_STATES[state].word}: ${count}`}
          className="min-w-0.5 motion-safe:transition-[flex-grow] motion-safe:duration-300"
          style={{ flexGrow: count, flexBasis: 0, background: AGENT_STATES[state].colour }}
        />
      ))}
    </div>
  );
}
