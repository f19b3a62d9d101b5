"use client";
import { type KeyboardEvent, useState } from "react";
import { StateRibbon } from "#components/state-ribbon.tsx";
import { clockText } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import type { TimeRange } from "#features/agent/timeline/bar-window.ts";
import type { KnownSpan } from "#features/agent/timeline/known-spans.ts";
import { SelectionBox } from "#features/agent/timeline/selection-box.tsx";
import { tickText, timeTicks } from "#features/agent/timeline/time-ticks.ts";
import { useBrush } from "#features/agent/timeline/use-brush.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface StateBarProps {
  readonly spans: readonly KnownSpan[];
  readonly window: TimeRange;
  readonly selected: TimeRange | null;
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** What its spans are called, for those who move through them by keys. */
  readonly name: string;
  readonly height: number;
  readonly onSelect: (range: TimeRange) => void;
  readonly onChoose: (span: KnownSpan) => void;
}

/** A bar of states with its times. Dragging selects a range; the pointer, or the arrow keys, tell each span, a click or Enter opens its event. */
export function StateBar({ spans, window, selected, label, name, height, onSelect, onChoose }: StateBarProps) {
  const [told, setTold] = useState<number | null>(null);
  const spanAt = (time: number | null) =>
    time === null ? -1 : spans.findIndex(({ from, to }) => from <= time && time < to);
  const brush = useBrush({
    window,
    onSelect,
    onClick: (time) => {
      const span = spans[spanAt(time)];
      if (span) onChoose(span);
    },
  });
  // The bar moves on each second, so a time stands for the span that it lies in.
  const found = spanAt(brush.pointed ?? told);
  const span = spans[found];
  const onKeyDown = (event: KeyboardEvent) => {
    const current = found === -1 ? spans.length : found;
    const next = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: spans.length - 1 }[event.key];
    const one = next === undefined ? undefined : spans[Math.max(0, Math.min(spans.length - 1, next))];
    if (one) setTold((one.from + one.to) / 2);
    else if (event.key === "Enter" && span) onChoose(span);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <div className="relative">
        <StateRibbon spans={spans} from={window.from} to={window.to} height={height} label={label} />
        <div
          role="slider"
          tabIndex={0}
          aria-label={name}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, spans.length - 1)}
          aria-valuenow={found === -1 ? Math.max(0, spans.length - 1) : found}
          aria-valuetext={span ? spanText(span) : "Arrow keys tell each span, Enter opens its event, + and − zoom"}
          onKeyDown={onKeyDown}
          onBlur={() => setTold(null)}
          {...brush.handlers}
          className="absolute inset-0 cursor-crosshair touch-pan-y rounded-sm select-none"
        />
        {span && (
          <span
            aria-hidden
            className="pointer-events-none absolute -inset-y-0.5 rounded-sm border-2 border-ink"
            style={{
              left: percent(span.from - window.from, window),
              width: `max(4px, ${percent(span.to - span.from, window)})`,
            }}
          />
        )}
        {brush.drawn ? (
          <SelectionBox window={window} selected={brush.drawn} />
        ) : (
          selected && <SelectionBox window={window} selected={selected} onChange={onSelect} />
        )}
      </div>
      <div className="relative mt-1 h-4 overflow-hidden text-xs text-faint tabular-nums">
        {brush.drawn ? (
          <span className="text-muted">{rangeTold(brush.drawn)}</span>
        ) : span ? (
          <span className="flex items-center gap-1.5 text-muted">
            <StateIcon look={AGENT_STATES[span.state]} />
            {spanText(span)}
          </span>
        ) : (
          timeTicks(window.from, window.to, new Date(window.to).getTimezoneOffset()).map((tick) => (
            <span key={tick.at} className="absolute -translate-x-1/2" style={{ left: `${tick.position * 100}%` }}>
              {tickText(tick)}
            </span>
          ))
        )}
      </div>
    </div>
  );
}

function percent(part: number, { from, to }: TimeRange): string {
  return `${(part / (to - from)) * 100}%`;
}

/** "14:02:04 to 14:02:11, 7.4 s". */
function rangeTold({ from, to }: TimeRange): string {
  const [began, ended] = [from, to].map((time) => clockText(new Date(time).toISOString(), false));
  return `${began} to ${ended}, ${spentText(to - from)}`;
}

/** "Busy, 14:02:04 to 14:02:11, 7.4 s". */
function spanText(span: KnownSpan): string {
  const folded = span.moves > 1 ? `, ${span.moves} moves` : "";
  return `${AGENT_STATES[span.state].word}${folded}, ${rangeTold(span)}`;
}
