"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useAgentView } from "#features/agent/agent-view.tsx";
import { EventEnd } from "#features/agent/event-end.tsx";
import { EventRow } from "#features/agent/event-row.tsx";
import { EventToolbar } from "#features/agent/event-toolbar.tsx";
import { typesOf } from "#features/agent/event-kinds.ts";
import { useAgentEvents } from "#features/agent/use-agent-events.ts";
import { useHeldEvents } from "#features/agent/use-held-events.ts";
import { useSoughtEvent } from "#features/agent/use-sought-event.ts";
import { useOffsetTop } from "#features/agent/use-offset-top.ts";

const PAGE_SIZE = 50;
const ROW_HEIGHT = 35;
const OVERSCAN = 10;
const rowHeight = () => ROW_HEIGHT;

/** What has happened, the newest first. However much it is, about fifty rows are in the document. */
export function EventList() {
  const { agent, kinds, details, event: opened, hrefOf, open } = useAgentView();
  const { loaded, error, earlier, loadEarlier } = useAgentEvents(agent, typesOf(kinds), PAGE_SIZE);
  const list = useRef<HTMLUListElement>(null);
  const top = useOffsetTop(list);
  const { events, held, release } = useHeldEvents(loaded?.events ?? NO_EVENTS, list);
  const virtualizer = useWindowVirtualizer({
    count: events.length,
    estimateSize: rowHeight,
    overscan: OVERSCAN,
    scrollMargin: top,
    // A new function makes it lay out every row anew.
    getItemKey: useCallback((index: number) => events[index]?.id ?? index, [events]),
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  const nearEnd = loaded !== null && last >= events.length - OVERSCAN - 1;
  const wantsEarlier = nearEnd && !loaded.complete && earlier === "idle";
  useEffect(() => {
    if (wantsEarlier) loadEarlier();
  }, [wantsEarlier, loadEarlier]);
  useEffect(() => virtualizer.measure(), [details, virtualizer]);
  useSoughtEvent({
    events,
    complete: loaded?.complete ?? false,
    earlier,
    loadEarlier,
    show: virtualizer.scrollToIndex,
  });

  return (
    <section aria-label="Timeline" className="min-w-0">
      <EventToolbar held={held} onRelease={release} />
      <QueryState data={loaded ?? undefined} error={error}>
        {({ complete }) => (
          <Card className="overflow-clip">
            {events.length === 0 && complete && (
              <Empty title="Nothing of this has happened yet">
                Choose other kinds above, or wait: what happens appears here by itself.
              </Empty>
            )}
            <ul
              role="list"
              aria-label="Events"
              ref={list}
              className="relative"
              style={{ height: virtualizer.getTotalSize() }}
            >
              {rows.map(({ index, key, start }) => {
                const event = events[index];
                return (
                  event && (
                    <li
                      key={key}
                      // Without details all are of one height, and need not be measured.
                      ref={details ? virtualizer.measureElement : undefined}
                      data-index={index}
                      aria-posinset={index + 1}
                      aria-setsize={complete ? events.length : -1}
                      className="absolute inset-x-0 top-0 overflow-hidden border-b border-line"
                      style={{ transform: `translateY(${start - top}px)`, ...(!details && { height: ROW_HEIGHT }) }}
                    >
                      <EventRow
                        event={event}
                        href={hrefOf(event.id)}
                        onOpen={() => open(event.id)}
                        opened={event.id === opened}
                        details={details}
                      />
                    </li>
                  )
                );
              })}
            </ul>
            <EventEnd complete={complete} earlier={earlier} any={events.length > 0} onRetry={loadEarlier} />
          </Card>
        )}
      </QueryState>
    </section>
  );
}

const NO_EVENTS: readonly never[] = [];
