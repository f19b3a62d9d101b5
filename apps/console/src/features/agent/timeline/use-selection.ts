"use client";
import { useEffect, useRef } from "react";
import { isTyping } from "#components/is-typing.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import { type TimeRange, zoomed } from "#features/agent/timeline/bar-window.ts";
import type { EventsView } from "#routes.ts";

/** So near to the right end the selection goes on with the time. */
const LIVE_END = 0.005;

/** The range that an address selects; an open end is now. */
export function selectedOf({ from, to }: EventsView, now: number): TimeRange | null {
  if (from === undefined && to === undefined) return null;
  const begin = from === undefined ? 0 : Date.parse(from);
  const end = to === undefined ? now : Date.parse(to);
  return Number.isFinite(begin) && Number.isFinite(end) && begin < end ? { from: begin, to: end } : null;
}

/** Puts ranges that are selected into the address, and listens to + and − (zoom) and Escape (all again). */
export function useSelection({ view, change }: EventsViewControl, window: TimeRange, selected: TimeRange | null) {
  const select = (range: TimeRange | null) => {
    const isOpen = range !== null && range.to >= window.to - (window.to - window.from) * LIVE_END;
    change({
      from: range === null ? undefined : new Date(range.from).toISOString(),
      to: range === null || isOpen ? undefined : new Date(range.to).toISOString(),
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (isTyping(event) || event.defaultPrevented) return;
    if (event.key === "+" || event.key === "=") select(zoomed(selected, window, "in"));
    else if (event.key === "-" && selected) select(zoomed(selected, window, "out"));
    // What is opened is closed first.
    else if (event.key === "Escape" && selected && view.event === undefined) select(null);
    else return;
    event.preventDefault();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return select;
}
