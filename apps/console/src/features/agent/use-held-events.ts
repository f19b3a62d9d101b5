"use client";
import { type RefObject, useEffect, useState } from "react";
import type { PlacedEvent } from "#live/merge-events.ts";

interface HeldEvents<Event> {
  readonly events: readonly Event[];
  /** How many newer ones wait above. */
  readonly held: number;
  /** Shows them, and goes up to them. */
  readonly release: () => void;
}

/**
 * Holds back new events while the reader has scrolled past the beginning of the list, so that nothing jumps. They appear when
 * the reader comes back up.
 */
export function useHeldEvents<Event extends PlacedEvent>(
  events: readonly Event[],
  list: RefObject<HTMLElement | null>,
): HeldEvents<Event> {
  const [scrolled, setScrolled] = useState(false);
  const [newestShown, setNewestShown] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setScrolled((list.current?.getBoundingClientRect().top ?? 0) < 0);
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, [list]);
  const newest = events[0]?.id ?? null;
  if (!scrolled && newestShown !== newest) setNewestShown(newest);
  const index = scrolled
    ? Math.max(
        0,
        events.findIndex(({ id }) => id === newestShown),
      )
    : 0;
  return {
    events: index === 0 ? events : events.slice(index),
    held: index,
    release: () => {
      setScrolled(false);
      const top = (list.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      window.scrollTo({ top: Math.max(0, top - 120) });
    },
  };
}
