"use client";
import type { AgentState } from "#api/generated/graphql.ts";
import { StateRibbon } from "#components/state-ribbon.tsx";
import { type CurrentState, stateSpans, type Transition } from "#components/state-spans.ts";
import { RIBBON_MS } from "#features/fleet/use-fleet-activity.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { useNow } from "#live/now.ts";

interface RowRibbonProps {
  readonly current: CurrentState;
  readonly transitions: readonly Transition[];
}

/** The states of the last 15 minutes, up to now. */
export function RowRibbon({ current, transitions }: RowRibbonProps) {
  const to = useNow();
  const from = to - RIBBON_MS;
  const spans = stateSpans(transitions, current, from, to);
  return <StateRibbon spans={spans} from={from} to={to} height={8} label={shares(spans, current.state)} />;
}

/** "The last 15 minutes: busy for 62 %, idle for 38 %". */
function shares(spans: ReturnType<typeof stateSpans>, now: AgentState): string {
  const spent = new Map<AgentState, number>();
  for (const { state, from, to } of spans) spent.set(state, (spent.get(state) ?? 0) + to - from);
  const parts = [...spent]
    .sort(([, one], [, other]) => other - one)
    .map(([state, time]) => `${AGENT_STATES[state].word.toLowerCase()} for ${Math.round((time / RIBBON_MS) * 100)} %`);
  return `The last 15 minutes: ${parts.join(", ") || AGENT_STATES[now].word.toLowerCase()}`;
}
