"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { eventsViewOf } from "#events/filter/events-view.ts";
import type { EventsView } from "#routes.ts";
import { searchNow } from "#search-now.ts";

export interface EventsViewControl {
  readonly view: EventsView;
  /** Changes what is listed, without asking the console's server for a page. */
  readonly change: (changes: Readonly<Record<string, string | undefined>>) => void;
  /** The address of this page with one event opened, or none. */
  readonly hrefOf: (event: string | null) => string;
  /** The event that the address names now: what is shown may be a moment behind it. */
  readonly openedNow: () => string | undefined;
  /** Opens an event, so that the browser's way back closes it; null closes. */
  readonly open: (event: string | null) => void;
}

/** Which events a page lists, as its address says. `address` makes the page's address of all that is in it. */
export function useEventsView(address: (values: Record<string, string | undefined>) => string): EventsViewControl {
  const search = useSearchParams();
  const view = useMemo(() => eventsViewOf(search), [search]);
  const hrefOf = useCallback(
    (event: string | null) => {
      // Last, so that an address that ends with it can be made of any other.
      const { event: _, ...values } = Object.fromEntries(search) as Record<string, string | undefined>;
      return address({ ...values, event: event ?? undefined });
    },
    [search, address],
  );
  return {
    view,
    hrefOf,
    openedNow,
    change: (changes) => {
      const given = valuesNow();
      const { event, ...values } = { ...given, ...changes } as Record<string, string | undefined>;
      window.history.replaceState(null, "", address({ ...values, event }));
    },
    open: (event) => {
      if (event === (openedNow() ?? null)) return;
      const { event: _, ...values } = valuesNow();
      window.history.pushState(null, "", address({ ...values, event: event ?? undefined }));
    },
  };
}

/** What the address says now: what is shown may be a moment behind it. */
function valuesNow(): Record<string, string | undefined> {
  return Object.fromEntries(searchNow());
}

function openedNow(): string | undefined {
  return eventsViewOf(searchNow()).event;
}
