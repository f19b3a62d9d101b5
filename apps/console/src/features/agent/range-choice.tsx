"use client";
import { Choice } from "#components/choice.tsx";
import { type Range, useAgentView } from "#features/agent/agent-view.tsx";

const WORDS: Readonly<Record<Range, string>> = {
  "15m": "15 minutes",
  "1h": "1 hour",
  "6h": "6 hours",
  "24h": "24 hours",
};

/** How far back the bar of states goes. */
export function RangeChoice() {
  const { range, change } = useAgentView();
  return <Choice label="How far back" options={WORDS} value={range} onChange={(chosen) => change({ range: chosen })} />;
}
