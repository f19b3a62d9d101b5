"use client";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import { exactText } from "#components/time.tsx";
import { momentAt, movedBy, shareOf, ticksOf, type TimeSpan } from "#features/fleet/time-range.ts";
import { tickText } from "#features/fleet/moment-text.ts";

interface Thumb {
  /** What it stands for: "Moment". */
  readonly label: string;
  readonly at: number;
  readonly onMove: (at: number) => void;
}

interface TimeSliderProps {
  readonly span: TimeSpan;
  /** One moment, or the two that are compared. */
  readonly thumbs: readonly Thumb[];
  /** Called before somebody moves something. */
  readonly onGrab: () => void;
  /** What is drawn along the way. */
  readonly children?: ReactNode;
}

/** A way through time. Moments are dragged along it, or moved by arrows, Page Up and Down, Home and End. */
export function TimeSlider({ span, thumbs, onGrab, children }: TimeSliderProps) {
  const track = useRef<HTMLDivElement>(null);
  const grabbed = useRef(0);
  const at = ({ clientX }: PointerEvent) => {
    const { left = 0, width = 1 } = track.current?.getBoundingClientRect() ?? {};
    return momentAt(span, (clientX - left) / width);
  };
  const grab = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const moment = at(event);
    const nearest = thumbs.reduce(
      (best, thumb, index) => (Math.abs(thumb.at - moment) < Math.abs((thumbs[best]?.at ?? 0) - moment) ? index : best),
      0,
    );
    grabbed.current = nearest;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
    track.current?.querySelectorAll<HTMLElement>("[role=slider]")[nearest]?.focus({ preventScroll: true });
    onGrab();
    thumbs[nearest]?.onMove(moment);
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) thumbs[grabbed.current]?.onMove(at(event));
  };
  const [first, second] = [...thumbs].sort((one, other) => one.at - other.at);
  const percent = (moment: number) => `${shareOf(span, moment) * 100}%`;
  return (
    <div className="grid gap-1 px-2 select-none">
      <div
        ref={track}
        onPointerDown={grab}
        onPointerMove={drag}
        className="relative h-10 cursor-ew-resize touch-none rounded-sm bg-sunken"
      >
        <div aria-hidden className="absolute inset-0 overflow-hidden rounded-sm">
          {children}
          {first && (
            <div
              className="absolute inset-y-0 bg-accent opacity-15"
              style={
                second
                  ? { left: percent(first.at), right: `${100 - shareOf(span, second.at) * 100}%` }
                  : { left: 0, width: percent(first.at) }
              }
            />
          )}
        </div>
        {thumbs.map((thumb) => (
          <SliderThumb key={thumb.label} thumb={thumb} span={span} left={percent(thumb.at)} onGrab={onGrab} />
        ))}
      </div>
      <Ticks span={span} />
    </div>
  );
}

interface SliderThumbProps {
  readonly thumb: Thumb;
  readonly span: TimeSpan;
  readonly left: string;
  readonly onGrab: () => void;
}

function SliderThumb({ thumb: { label, at, onMove }, span, left, onGrab }: SliderThumbProps) {
  const iso = new Date(at).toISOString();
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = event.altKey || event.ctrlKey || event.metaKey ? null : movedBy(span, at, event.key);
    if (moved === null) return;
    event.preventDefault();
    onGrab();
    onMove(moved);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={span.from}
      aria-valuemax={span.to}
      aria-valuenow={at}
      aria-valuetext={exactText(iso)}
      title={`${label}: ${exactText(iso)}`}
      onKeyDown={onKeyDown}
      className="absolute -inset-y-1 w-4 -translate-x-1/2 rounded-sm outline-offset-0"
      style={{ left }}
    >
      <span className="absolute inset-y-0 left-1/2 w-0.75 -translate-x-1/2 rounded-full bg-accent shadow-float" />
      <span className="absolute top-1/2 left-1/2 h-5 w-2.5 -translate-1/2 rounded-sm border-2 border-surface bg-accent" />
    </div>
  );
}

const MOST_TICKS = 9;

function Ticks({ span }: { readonly span: TimeSpan }) {
  const offset = -new Date(span.to).getTimezoneOffset() * 60_000;
  const ticks = ticksOf(span, MOST_TICKS, offset);
  return (
    <div aria-hidden className="relative h-4 text-xs text-faint tabular-nums">
      {ticks.map((tick) => {
        const share = shareOf(span, tick);
        // Near the ends there is no room for a text.
        if (share < 0.02 || share > 0.94) return null;
        return (
          <span key={tick} className="absolute -translate-x-1/2 whitespace-nowrap" style={{ left: `${share * 100}%` }}>
            {tickText(tick, span)}
          </span>
        );
      })}
      <span className="absolute right-0">now</span>
    </div>
  );
}
