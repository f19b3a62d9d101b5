"use client";
import { useEffect, useMemo } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { stateSpans, type Transition } from "#components/state-spans.ts";
import { clockText, durationText } from "#components/time.tsx";
import { EventFragment } from "#events/event-fragment.ts";
import { RANGES, useAgentView } from "#features/agent/agent-view.tsx";
import { RangeChoice } from "#features/agent/range-choice.tsx";
import { historyText } from "#features/agent/history-text.ts";
import { StateBar } from "#features/agent/state-bar.tsx";
import { useAgentEvents } from "#features/agent/use-agent-events.ts";
import { useNow } from "#live/now.ts";

const HistoryFragment = graphql(`
  fragment StateHistory on Agent {
    id
    name
    state
    stateSince
  }
`);

const TYPES = ["agent.transitioned"];
const PAGE_SIZE = 200;
const MOST_TRANSITIONS = 2_000;

/** The agent's states over time as a bar; a span leads to the event that began it. */
export function StateHistory({ agent: masked }: { readonly agent: FragmentType<typeof HistoryFragment> }) {
  const agent = readFragment(HistoryFragment, masked);
  const { range, seek } = useAgentView();
  const { loaded, error, earlier, loadEarlier } = useAgentEvents(agent.id, TYPES, PAGE_SIZE);
  const now = useNow();
  const from = now - RANGES[range] * 60_000;

  const transitions = useMemo(() => transitionsOf(loaded?.events ?? []), [loaded?.events]);
  const oldest = transitions.at(-1);
  const reaches = loaded !== null && (loaded.complete || (oldest !== undefined && Date.parse(oldest.at) <= from));
  const full = transitions.length >= MOST_TRANSITIONS;
  const wantsEarlier = loaded !== null && !reaches && !full && earlier === "idle";
  useEffect(() => {
    if (wantsEarlier) loadEarlier();
  }, [wantsEarlier, loadEarlier]);

  // What was said of the agent and what came of its events may be an instant apart: the events know more.
  const spans = useMemo(() => stateSpans(transitions, agent, from, now), [transitions, agent, from, now]);
  const missing =
    !reaches && oldest !== undefined && (full || earlier === "failed" || error !== undefined)
      ? `What was before ${clockText(oldest.at, false)} is not loaded.`
      : null;
  return (
    <section aria-label="History">
      <div className="mb-1.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <RangeChoice />
        {missing !== null && <span className="text-faint">{missing}</span>}
      </div>
      <StateBar
        spans={spans}
        from={from}
        to={now}
        label={historyText(agent, spans, durationText(now - from))}
        onChoose={({ from: began }) => {
          const event = transitions.find(({ at }) => Date.parse(at) <= began);
          if (event) seek(event.id);
        }}
      />
    </section>
  );
}

function transitionsOf(events: readonly FragmentType<typeof EventFragment>[]): (Transition & { id: string })[] {
  return events.flatMap((masked) => {
    const event = readFragment(EventFragment, masked);
    return event.__typename === "AgentTransitioned" ? [event] : [];
  });
}
