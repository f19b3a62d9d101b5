import type { AgentState, TaskState } from "#api/generated/graphql.ts";
import { AGENT_STATES, type StateLook } from "#lifecycles/agent-states.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

interface BadgeProps<State> {
  readonly state: State;
  /** Quiet ones stand within a text; others head a row or a page. */
  readonly quiet?: boolean;
}

/** An agent's state as shape, colour and word. */
export function AgentStateBadge({ state, quiet }: BadgeProps<AgentState>) {
  return <StateBadge look={AGENT_STATES[state]} quiet={quiet ?? false} />;
}

/** A task's state as shape, colour and word. */
export function TaskStateBadge({ state, quiet }: BadgeProps<TaskState>) {
  return <StateBadge look={TASK_STATES[state]} quiet={quiet ?? false} />;
}

/** The shape alone, where the word stands beside it anyway. */
export function StateIcon({ look }: { readonly look: StateLook }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden className="size-3 shrink-0" style={{ color: look.colour }}>
      {look.shape}
    </svg>
  );
}

/** Any state as shape, colour and word. */
export function StateBadge({ look, quiet = false }: { readonly look: StateLook; readonly quiet?: boolean }) {
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${quiet ? "text-muted" : "font-[550]"}`}>
      <StateIcon look={look} />
      <span className="self-baseline">{look.word}</span>
    </span>
  );
}
