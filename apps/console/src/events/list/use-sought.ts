"use client";
import { useEffect, useRef } from "react";
import type { EventLog } from "#events/log/event-log.ts";
import type { LogState } from "#events/log/log-state.ts";
import { indexOfNumber } from "#events/log/stretch.ts";
import { eventNumber } from "#live/merge-events.ts";

/** An event to bring into sight; a new object each time that it is asked for. */
export interface Sought {
  readonly event: string;
}

interface Seeking {
  readonly sought: Sought | null;
  readonly log: EventLog | null;
  readonly state: LogState;
  /** Scrolls to a row, counted from the newest. */
  readonly show: (index: number) => void;
}

/** Brings an event into sight once, wherever in the log it is; one that is filtered out leads to where it would be. */
export function useSought({ sought, log, state, show }: Seeking): void {
  const done = useRef<Sought | null>(null);
  const asked = useRef<{ readonly sought: Sought; readonly log: EventLog; readonly begun: number } | null>(null);
  useEffect(() => {
    if (sought === null || log === null || !state.ready || done.current === sought) return;
    const index = state.rows.findIndex(({ event }) => event.id === sought.event);
    if (index === -1) {
      if (asked.current?.sought !== sought || asked.current.log !== log) {
        asked.current = { sought, log, begun: state.begun };
        log.go(sought);
        return;
      }
      if (state.begun === asked.current.begun) return;
    }
    done.current = sought;
    const nearest = index >= 0 ? index : indexOfNumber(state.rows, eventNumber({ id: sought.event }));
    if (state.rows.length > 0) show(Math.min(nearest, state.rows.length - 1));
  }, [sought, log, state, show]);
}
