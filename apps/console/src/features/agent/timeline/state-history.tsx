"use client";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Choice } from "#components/choice.tsx";
import { durationText } from "#components/time.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import { type Range, RANGE_WORDS, RANGES, rangeOf, rangeText, windowOf } from "#features/agent/timeline/bar-window.ts";
import { historyText } from "#features/agent/timeline/history-text.ts";
import { clipped, type KnownSpan } from "#features/agent/timeline/known-spans.ts";
import { SelectedHistory } from "#features/agent/timeline/selected-history.tsx";
import { StateBar } from "#features/agent/timeline/state-bar.tsx";
import { selectedOf, useSelection } from "#features/agent/timeline/use-selection.ts";
import { useStateSpans } from "#features/agent/timeline/use-state-spans.ts";
import { useNow } from "#live/now.ts";

const HistoryFragment = graphql(`
  fragment StateHistory on Agent {
    id
    name
    state
    createdAt
  }
`);

interface StateHistoryProps {
  readonly id: string;
  /** Null until it has been read. */
  readonly agent: FragmentType<typeof HistoryFragment> | null;
  readonly control: EventsViewControl;
  /** Opens an event of the list beneath. */
  readonly onChoose: (event: string) => void;
}

/** The agent's states over time as a bar; what is selected of it, larger; a span leads to the event that began it. */
export function StateHistory({ id, agent: masked, control, onChoose }: StateHistoryProps) {
  const agent = readFragment(HistoryFragment, masked);
  const range = rangeOf(useSearchParams().get("range"));
  const now = useNow();
  const selected = selectedOf(control.view, now);
  const window = windowOf(range, agent === null ? now : Date.parse(agent.createdAt), now, selected);
  const since = useSince(range, window.from);
  const { spans, folded, complete } = useStateSpans(id, since, null);
  const select = useSelection(control, window, selected);
  const hidesIdle = control.view.idle === "hidden";
  const shown = clipped(spans, window.from, window.to).filter(({ state }) => !hidesIdle || state !== "IDLE");
  const choose = ({ event }: KnownSpan) => {
    if (event !== null) onChoose(event);
  };
  if (agent === null) return null;
  return (
    <section aria-label="History" className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Choice<Range>
          label="How far back"
          options={RANGE_WORDS}
          value={range}
          onChange={(chosen) => control.change({ range: rangeText(chosen), from: undefined, to: undefined })}
        />
        {folded && <span className="text-faint">Short stays are drawn together: select a part to see each.</span>}
        {!complete && <span className="text-faint">Older events were removed: the beginning is not known.</span>}
        <span className="grow" />
        {selected === null ? (
          <span className="hidden text-faint sm:inline">Drag over the bar to look closer</span>
        ) : (
          <button type="button" onClick={() => select(null)} className="text-accent hover:underline">
            Show all (Escape)
          </button>
        )}
      </div>
      <StateBar
        spans={shown}
        window={window}
        selected={selected}
        name="Spans of the bar"
        label={historyText(
          agent,
          shown,
          RANGES[range] === Infinity ? "since it was registered" : `the last ${durationText(window.to - window.from)}`,
        )}
        height={selected ? 16 : 30}
        onSelect={select}
        onChoose={choose}
      />
      {selected && (
        <SelectedHistory
          agent={agent}
          selected={selected}
          open={control.view.to === undefined}
          known={folded ? null : spans}
          hidesIdle={hidesIdle}
          onSelect={select}
          onChoose={choose}
        />
      )}
    </section>
  );
}

/** Since when states are read: it stays while the clock goes on, and reaches further back when a selection does. */
function useSince(range: Range, from: number): string {
  const [since, setSince] = useState({ range, begin: from });
  if (since.range !== range || from < since.begin) {
    // Somewhat further, so that dragging does not read at each step.
    const margin = since.range === range ? (Date.now() - from) / 4 : 0;
    setSince({ range, begin: from - margin });
  }
  return new Date(since.begin).toISOString();
}
