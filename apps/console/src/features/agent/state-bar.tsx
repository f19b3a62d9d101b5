"use client";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { StateRibbon } from "#components/state-ribbon.tsx";
import type { StateSpan } from "#components/state-spans.ts";
import { clockText } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { timeTicks } from "#features/agent/time-ticks.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface StateBarProps {
  readonly spans: readonly StateSpan[];
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly onChoose: (span: StateSpan) => void;
}

/** The bar with its times. The pointer, or the arrow keys, tell each span; a click, or Enter, chooses it. */
export function StateBar({ spans, from, to, label, onChoose }: StateBarProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  // The bar moves on each second, so a time stands for the span that it lies in.
  const found = pointed === null ? -1 : spans.findIndex((span) => span.from <= pointed && pointed < span.to);
  const span = spans[found];
  const middle = (index: number) => {
    const one = spans[Math.max(0, Math.min(spans.length - 1, index))];
    return one ? (one.from + one.to) / 2 : null;
  };
  const timeAt = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return from + ((clientX - left) / width) * (to - from);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const current = found === -1 ? spans.length : found;
    const next = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: spans.length - 1 }[event.key];
    if (next !== undefined) setPointed(middle(next));
    else if (event.key === "Enter" && span) onChoose(span);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <div className="relative">
        <StateRibbon spans={spans} from={from} to={to} height={30} label={label} />
        <div
          role="slider"
          tabIndex={0}
          aria-label="Spans of the bar"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, spans.length - 1)}
          aria-valuenow={found === -1 ? Math.max(0, spans.length - 1) : found}
          aria-valuetext={span ? spanText(span) : "Arrow keys tell each span, Enter opens its event"}
          onKeyDown={onKeyDown}
          onPointerMove={(event) => setPointed(timeAt(event))}
          onPointerLeave={() => setPointed(null)}
          onBlur={() => setPointed(null)}
          onClick={() => span && onChoose(span)}
          className="absolute inset-0 cursor-pointer rounded-sm"
        >
          {span && (
            <span
              className="absolute -inset-y-0.5 rounded-sm border-2 border-ink"
              style={{
                left: percent(span.from - from, to - from),
                width: `max(4px, ${percent(span.to - span.from, to - from)})`,
              }}
            />
          )}
        </div>
      </div>
      <div className="relative mt-1 h-4 overflow-hidden text-xs text-faint tabular-nums">
        {span ? (
          <span className="flex items-center gap-1.5 text-muted">
            <StateIcon look={AGENT_STATES[span.state]} />
            {spanText(span)}
          </span>
        ) : (
          timeTicks(from, to, new Date(to).getTimezoneOffset()).map(({ at, position }) => (
            <span key={at} className="absolute -translate-x-1/2" style={{ left: `${position * 100}%` }}>
              {clockText(new Date(at).toISOString(), false).slice(0, 5)}
            </span>
          ))
        )}
      </div>
    </div>
  );
}

function percent(part: number, whole: number): string {
  return `${(part / whole) * 100}%`;
}

/** "Busy, 14:02:04 to 14:02:11, 7.4 s". */
function spanText({ state, from, to }: StateSpan): string {
  const [began, ended] = [from, to].map((time) => clockText(new Date(time).toISOString(), false));
  return `${AGENT_STATES[state].word}, ${began} to ${ended}, ${spentText(to - from)}`;
}
