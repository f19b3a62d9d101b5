"use client";
import { useEffect, useRef } from "react";
import { useAgentView } from "#features/agent/agent-view.tsx";
import { eventNumber } from "#live/merge-events.ts";
import type { PlacedEvent } from "#live/merge-events.ts";

interface Seeking {
  readonly events: readonly PlacedEvent[];
  readonly complete: boolean;
  readonly earlier: "idle" | "loading" | "failed";
  readonly loadEarlier: () => void;
  readonly show: (index: number, options: { align: "center" }) => void;
}

/** Beyond this an event is told beside the list only. */
const MOST_PAGES = 20;

/** Brings the event that is sought into sight once, after loading the pages up to it. */
export function useSoughtEvent({ events, complete, earlier, loadEarlier, show }: Seeking): void {
  const { sought } = useAgentView();
  const seeking = useRef<{ sought: typeof sought; pages: number }>({ sought: null, pages: 0 });
  useEffect(() => {
    if (!sought || events.length === 0) return;
    if (seeking.current.sought !== sought) seeking.current = { sought, pages: sought.far ? MOST_PAGES : 0 };
    if (seeking.current.pages < 0) return;
    const index = events.findIndex(({ id }) => id === sought.event);
    const oldest = events.at(-1);
    if (index >= 0) {
      seeking.current.pages = -1;
      show(index, { align: "center" });
    } else if (complete || !oldest || eventNumber(oldest) < eventNumber({ id: sought.event })) {
      seeking.current.pages = -1;
    } else if (earlier === "idle" && seeking.current.pages > 0) {
      seeking.current.pages -= 1;
      loadEarlier();
    }
  }, [sought, events, complete, earlier, loadEarlier, show]);
}
