"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import { Card } from "#components/card.tsx";
import { QueryState } from "#components/query-state.tsx";
import type { Look } from "#events/filter/events-view.ts";
import { EventEnd } from "#events/list/event-end.tsx";
import { EventRow } from "#events/list/event-row.tsx";
import { useEventKeys } from "#events/list/use-event-keys.ts";
import { useOffsetTop } from "#components/use-offset-top.ts";
import { useIsNarrow } from "#components/use-is-narrow.ts";
import { useScrolledPast } from "#events/list/use-scrolled-past.ts";
import { type Sought, useSought } from "#events/list/use-sought.ts";
import type { OpenLog } from "#events/log/use-event-log.ts";
import type { ProjectRoute } from "#routes.ts";

const ROW_HEIGHTS: Readonly<Record<Look, number>> = { compact: 35, full: 78, json: 380 };
/** With the time above the text. */
const NARROW_ROW_HEIGHT = 51;
const OVERSCAN = 8;

interface EventListProps {
  readonly open: OpenLog;
  readonly project: ProjectRoute;
  /** The oldest first. */
  readonly ascending: boolean;
  readonly look: Look;
  /** Says which agent it happened to. */
  readonly whose: boolean;
  readonly paused: boolean;
  readonly hrefOf: (event: string) => string;
  readonly opened: string | null;
  readonly onOpen: (event: string) => void;
  /** Opens the event before or after the one that is opened. */
  readonly onStep: (towards: "older" | "newer") => void;
  readonly sought: Sought | null;
  /** Whether only some of the events are listed. */
  readonly narrowed: boolean;
  /** What stands there when there is none. */
  readonly empty: ReactNode;
}

/** What has happened. However much it is, about fifty rows are in the document; more is read as one scrolls, both ways. */
export function EventList(props: EventListProps) {
  const { open, project, ascending, look, whose, paused, hrefOf, opened, onOpen, onStep, sought, narrowed, empty } =
    props;
  const { log, state, current } = open;
  const { rows } = state;
  const list = useRef<HTMLUListElement>(null);
  const top = useOffsetTop(list);
  const past = useScrolledPast(top);
  const at = useCallback((index: number) => rows[ascending ? rows.length - 1 - index : index], [rows, ascending]);
  const rowHeight = useIsNarrow() && look === "compact" ? NARROW_ROW_HEIGHT : ROW_HEIGHTS[look];
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: OVERSCAN,
    scrollMargin: top,
    // A new function makes it lay out every row anew.
    getItemKey: useCallback((index: number) => at(index)?.number ?? index, [at]),
    // What comes in above leaves what is being read in its place.
    anchorTo: past || (ascending ? state.hasOlder : state.hasNewer) ? "end" : "start",
  });
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  const nearTop = rows.length > 0 && first < OVERSCAN;
  const nearEnd = last >= rows.length - OVERSCAN - 1;
  const [wantsOlder, wantsNewer] = ascending ? [nearTop, nearEnd] : [nearEnd, nearTop];
  useEffect(() => {
    if (current && wantsOlder && state.hasOlder && state.older === "idle") log?.loadOlder();
    if (current && wantsNewer && state.hasNewer && state.newer === "idle") log?.loadNewer();
  }, [log, current, wantsOlder, wantsNewer, state]);
  useEffect(() => log?.hold(paused || (past && !ascending)), [log, paused, past, ascending]);
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);

  const indexOf = useCallback((row: number) => (ascending ? rows.length - 1 - row : row), [rows, ascending]);
  const show = useCallback(
    (row: number) => virtualizer.scrollToIndex(indexOf(row), { align: "center" }),
    [virtualizer, indexOf],
  );
  useSought({ sought, log, state, show });
  useEventKeys({
    onStep,
    onMove(by) {
      const focused = document.activeElement?.closest<HTMLElement>("li[data-index]");
      const shown = items.find(({ end }) => end > window.scrollY + 60)?.index ?? 0;
      const next = focused && list.current?.contains(focused) ? Number(focused.dataset["index"]) + by : shown;
      if (next < 0 || next >= rows.length) return;
      virtualizer.scrollToIndex(next, { align: "auto" });
      const focus = () => list.current?.querySelector<HTMLElement>(`li[data-index="${next}"] a`)?.focus();
      focus();
      requestAnimationFrame(focus);
    },
    list,
  });

  const end = (which: "older" | "newer") => (
    <EventEnd
      end={which}
      more={which === "older" ? state.hasOlder : state.hasNewer}
      reading={state[which]}
      narrowed={narrowed}
      onRetry={() => (which === "older" ? log?.loadOlder() : log?.loadNewer())}
    />
  );
  return (
    <QueryState data={state.ready ? state : undefined} error={state.error}>
      {() => (
        <Card className={`overflow-clip ${current ? "" : "opacity-60"}`}>
          {rows.length === 0 && !state.hasOlder && !state.hasNewer && empty}
          {rows.length > 0 && (ascending ? state.hasOlder && end("older") : state.hasNewer && end("newer"))}
          <ul
            role="list"
            aria-label="Events"
            aria-busy={!current}
            ref={list}
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {items.map(({ index, key, start }) => {
              const row = at(index);
              return (
                row && (
                  <li
                    key={key}
                    // Compact ones are all of one height, and need not be measured.
                    ref={look === "compact" ? undefined : virtualizer.measureElement}
                    data-index={index}
                    aria-posinset={index + 1}
                    aria-setsize={state.hasOlder || state.hasNewer ? -1 : rows.length}
                    className="absolute inset-x-0 top-0 overflow-hidden border-b border-line"
                    style={{
                      transform: `translateY(${start - top}px)`,
                      ...(look === "compact" && { height: rowHeight }),
                    }}
                  >
                    <EventRow
                      event={row.event}
                      project={project}
                      href={hrefOf(row.event.id)}
                      onOpen={() => onOpen(row.event.id)}
                      opened={row.event.id === opened}
                      look={look}
                      whose={whose}
                    />
                  </li>
                )
              );
            })}
          </ul>
          {(rows.length > 0 || state.hasOlder) && end(ascending ? "newer" : "older")}
        </Card>
      )}
    </QueryState>
  );
}
