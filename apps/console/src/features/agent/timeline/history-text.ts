import type { AgentState } from "#api/generated/graphql.ts";
import type { StateSpan } from "#components/state-spans.ts";
import { durationText } from "#components/time.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

/** A bar of states in words: "States of tester over time, the last 1 h: Idle 50 m, Busy 9 m. Now Idle." */
export function historyText(
  agent: { readonly name: string; readonly state: AgentState },
  spans: readonly StateSpan[],
  range: string,
): string {
  const spent = new Map<AgentState, number>();
  for (const { state, from, to } of spans) spent.set(state, (spent.get(state) ?? 0) + to - from);
  const parts = [...spent.entries()]
    .sort(([, one], [, other]) => other - one)
    .map(([state, milliseconds]) => `${AGENT_STATES[state].word} ${durationText(milliseconds)}`);
  const told = parts.length === 0 ? "nothing is known yet" : parts.join(", ");
  return `States of ${agent.name} over time, ${range}: ${told}. Now ${AGENT_STATES[agent.state].word}.`;
}
