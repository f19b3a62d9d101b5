"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { type Range, RANGES, useAgentView } from "#features/agent/agent-view.tsx";

const WORDS: Readonly<Record<Range, string>> = {
  "15m": "15 minutes",
  "1h": "1 hour",
  "6h": "6 hours",
  "24h": "24 hours",
};

/** How far back the bar of states goes. */
export function RangeChoice() {
  const { range, change } = useAgentView();
  return (
    <ToggleGroup
      aria-label="How far back"
      value={[range]}
      onValueChange={([chosen]) => chosen !== undefined && change({ range: chosen as Range })}
      className="flex gap-0.5 rounded-md bg-sunken p-0.5"
    >
      {(Object.keys(RANGES) as Range[]).map((each) => (
        <Toggle
          key={each}
          value={each}
          className="rounded-sm px-2 text-muted hover:text-ink data-pressed:bg-surface data-pressed:font-[550] data-pressed:text-ink"
        >
          {WORDS[each]}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
