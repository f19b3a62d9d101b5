"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { EventFilter } from "#api/generated/graphql.ts";
import { createEventLog, type EventLog } from "#events/log/event-log.ts";
import type { EventSource, ListedEvent } from "#events/log/event-source.ts";
import type { Begin } from "#events/log/first-page.ts";
import { type LogState, NOTHING_YET } from "#events/log/log-state.ts";

interface Wanted {
  readonly source: EventSource;
  readonly filter: EventFilter;
  /** What of the matching events is listed, and a name that tells one such choice from another. */
  readonly keep: (event: ListedEvent) => boolean;
  readonly keepName: string;
  /** Where it begins when it is opened. */
  readonly begin: Begin;
  /** Which end comes first. */
  readonly order: string;
}

export interface OpenLog {
  /** Null until the page is there. */
  readonly log: EventLog | null;
  /** While other events are being read, those before. */
  readonly state: LogState;
  /** Whether what is shown answers what is wanted. */
  readonly current: boolean;
}

/** The list of events of a source that match, open for as long as the component is there. */
export function useEventLog({ source, filter, keep, keepName, begin, order }: Wanted): OpenLog {
  const key = JSON.stringify([source.key, filter, keepName, order]);
  const wanted = useRef({ source, filter, keep, begin });
  wanted.current = { source, filter, keep, begin };
  const [opened, setOpened] = useState<{ readonly key: string; readonly log: EventLog } | null>(null);
  useEffect(() => {
    const log = createEventLog(wanted.current);
    setOpened({ key, log });
    return () => log.close();
  }, [key]);
  const log = opened?.key === key ? opened.log : null;
  const state = useSyncExternalStore(log?.subscribe ?? subscribeToNothing, log?.state ?? nothingYet, nothingYet);
  const last = useRef({ source: source.key, state: NOTHING_YET });
  if (state.ready || state.error) last.current = { source: source.key, state };
  const shown = state.ready || state.error || last.current.source !== source.key ? state : last.current.state;
  return { log, state: shown, current: shown === state };
}

const subscribeToNothing = () => () => {};
const nothingYet = () => NOTHING_YET;
