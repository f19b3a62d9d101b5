"use client";
import { useState } from "react";
import { flushSync } from "react-dom";
import type { EventFilter } from "#api/generated/graphql.ts";
import { eventIdIn, isAscending } from "#events/filter/events-view.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { Sought } from "#events/list/use-sought.ts";
import type { EventSource, ListedEvent } from "#events/log/event-source.ts";
import type { LogState } from "#events/log/log-state.ts";
import { indexOfNumber } from "#events/log/stretch.ts";
import { type OpenLog, useEventLog } from "#events/log/use-event-log.ts";
import { eventNumber } from "#live/merge-events.ts";

/** Moves between work and idling: most of what happens to an agent at work. */
const IDLE_NOISE: readonly unknown[] = ["ASSIGN", "RELEASE", "REST"];

export interface ListOfEvents {
  readonly open: OpenLog;
  readonly filter: EventFilter;
  readonly keep: (event: ListedEvent) => boolean;
  readonly sought: Sought | null;
  /** Opens an event and brings it into sight in the list, also one that is far away. */
  readonly seek: (event: string) => void;
  /** Opens the event before or after the one that is opened. */
  readonly step: (towards: "older" | "newer") => void;
  readonly canStep: (towards: "older" | "newer") => boolean;
  readonly paused: boolean;
  readonly pause: (paused: boolean) => void;
  /** Shows what has come meanwhile, and goes up to it. */
  readonly toNewest: () => void;
}

/** A page's list of events: what is in it, which one is opened, and the ways through it. */
export function useListOfEvents(source: EventSource, filter: EventFilter, control: EventsViewControl): ListOfEvents {
  const { view, open: openEvent, openedNow } = control;
  const ascending = isAscending(view);
  const [sought, setSought] = useState<Sought | null>(() => (view.event === undefined ? null : { event: view.event }));
  const [paused, pause] = useState(false);
  const hidesIdle = view.idle === "hidden";
  const keep = hidesIdle ? isNoNoise : isAny;
  const open = useEventLog({
    source,
    filter,
    keep,
    keepName: hidesIdle ? "busy" : "all",
    begin: view.event !== undefined ? { event: view.event } : ascending ? "oldest" : "newest",
    order: ascending ? "oldest" : "newest",
  });
  const { log, state } = open;
  const seek = (event: string) => {
    openEvent(event);
    setSought({ event });
  };
  const wanted = eventIdIn(view.search ?? "");
  const [found, setFound] = useState(wanted);
  if (wanted !== found) {
    setFound(wanted);
    if (wanted !== null) setSought({ event: wanted });
  }

  const beside = (event: string, towards: "older" | "newer") => neighbourOf(state.rows, event, towards);
  const more = (towards: "older" | "newer") => (towards === "older" ? state.hasOlder : state.hasNewer);
  return {
    open,
    filter,
    keep,
    sought,
    seek,
    step(towards) {
      // Who steps fast steps on from where the address is by now.
      const from = openedNow();
      const next = from === undefined ? state.rows[0]?.event.id : beside(from, towards);
      if (next !== undefined) seek(next);
      else if (more(towards) && from !== undefined) seek(from);
    },
    canStep: (towards) => view.event !== undefined && (beside(view.event, towards) !== undefined || more(towards)),
    paused,
    pause,
    toNewest() {
      // What comes in above keeps what is being read in its place: it has to be there before one goes up.
      flushSync(() => {
        pause(false);
        log?.hold(false);
        log?.go("newest");
      });
      if (ascending) window.scrollTo({ top: document.documentElement.scrollHeight });
      else window.scrollTo({ top: 0 });
    },
  };
}

/** The event before or after one; of one that is not among the rows, the nearest on that side. */
function neighbourOf(rows: LogState["rows"], event: string, towards: "older" | "newer"): string | undefined {
  const number = eventNumber({ id: event });
  const at = indexOfNumber(rows, number);
  const older = rows[at]?.number === number ? at + 1 : at;
  return rows[towards === "newer" ? at - 1 : older]?.event.id;
}

function isAny(): boolean {
  return true;
}

function isNoNoise(event: ListedEvent): boolean {
  const { type, payload } = event;
  return type !== "agent.transitioned" || !IDLE_NOISE.includes((payload as { action?: unknown } | null)?.action);
}
