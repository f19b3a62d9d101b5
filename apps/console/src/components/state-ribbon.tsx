"use client";
import { memo, type PointerEvent } from "react";
import type { AgentState } from "#api/generated/graphql.ts";
import type { StateSpan } from "#components/state-spans.ts";
import { clockText, durationText } from "#components/time.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

interface StateRibbonProps {
  readonly spans: readonly StateSpan[];
  /** The ends of what it shows, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** In pixels. */
  readonly height: number;
}

const TROUBLE: ReadonlySet<AgentState> = new Set(["UNRESPONSIVE", "ERROR"]);

/** A bar of states over time. Times of which nothing is known stay sunken; the pointer tells each state and its time. */
export const StateRibbon = memo(function StateRibbon({ spans, from, to, label, height }: StateRibbonProps) {
  const width = Math.max(1, to - from);
  return (
    <div
      role="img"
      aria-label={label}
      className="w-full overflow-hidden rounded-sm bg-sunken"
      style={{ height }}
      onPointerMove={(event) => tell(event, spans, from, width)}
    >
      <svg aria-hidden viewBox={`0 0 ${width} 1`} preserveAspectRatio="none" className="block size-full">
        {layers(spans).map(([state, ofState]) => (
          // A stroke keeps its width however long the bar is: trouble of an instant is still seen.
          <path
            key={state}
            d={ofState
              .map((span) => `M${span.from - from} 0h${span.to - span.from}v1h${span.from - span.to}z`)
              .join("")}
            fill={AGENT_STATES[state].colour}
            stroke={AGENT_STATES[state].colour}
            strokeWidth={TROUBLE.has(state) ? 1 : 0.35}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </div>
  );
});

/** The spans of each state, the rarest last, and so on top; trouble above all. */
function layers(spans: readonly StateSpan[]): [AgentState, StateSpan[]][] {
  const weight = ([state, ofState]: [AgentState, StateSpan[]]) =>
    TROUBLE.has(state) ? 0 : ofState.reduce((sum, span) => sum + span.to - span.from, 0);
  return [...Map.groupBy(spans, ({ state }) => state)].sort((one, other) => weight(other) - weight(one));
}

/** A tooltip for the span under the pointer: hundreds of spans need no element each. */
function tell(event: PointerEvent<HTMLElement>, spans: readonly StateSpan[], from: number, width: number): void {
  const bar = event.currentTarget;
  const { left, width: pixels } = bar.getBoundingClientRect();
  const time = from + ((event.clientX - left) / pixels) * width;
  const span = spans.find((each) => each.from <= time && time < each.to);
  const text = span
    ? `${AGENT_STATES[span.state].word} for ${durationText(span.to - span.from)}, from ${timeOf(span.from)} to ${timeOf(span.to)}`
    : `Nothing is known about ${timeOf(time)}`;
  if (bar.title !== text) bar.title = text;
}

function timeOf(milliseconds: number): string {
  return clockText(new Date(milliseconds).toISOString(), false);
}
