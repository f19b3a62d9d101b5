"use client";
import { useEffect, useRef } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { QueryState } from "#components/query-state.tsx";
import { EventDetails } from "#events/panel/event-details.tsx";
import { PanelButton } from "#events/panel/panel-button.tsx";
import { useAnswer } from "#live/use-answer.ts";
import type { ProjectRoute } from "#routes.ts";

const EventQuery = graphql(`
  query OneEvent($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Event {
        type
        ...EventDetails
      }
    }
  }
`);

interface EventPanelProps {
  readonly id: string;
  readonly project: ProjectRoute;
  /** Its own address. */
  readonly href: string;
  readonly onClose: () => void;
  /** Opens the event before or after it; undefined where there is none. */
  readonly onOlder: (() => void) | undefined;
  readonly onNewer: (() => void) | undefined;
  /** Lists only what this actor has done. */
  readonly onActor: (actor: string) => void;
}

/** An event with everything it has. However old it is, it is read by itself. */
export function EventPanel({ id, project, href, onClose, onOlder, onNewer, onActor }: EventPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const { data, error } = useAnswer(EventQuery, { id });
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    const onKey = (key: KeyboardEvent) => {
      const within = document.querySelector('[role="dialog"], [role="menu"]');
      if (key.key === "Escape" && !key.defaultPrevented && !within) latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const node = data?.node;
  // While the next one is read, the one before stays.
  const found = node && "type" in node ? node : null;
  return (
    <Card className="overflow-hidden max-xl:fixed max-xl:inset-x-2 max-xl:bottom-2 max-xl:z-20 max-xl:shadow-float xl:sticky xl:top-4">
      <section
        ref={panel}
        aria-label="Event"
        tabIndex={-1}
        className="max-h-[60dvh] overflow-y-auto outline-none xl:max-h-[calc(100dvh-32px)]"
      >
        <div className="sticky top-0 z-10 flex items-center gap-1 border-b border-line bg-surface px-4 py-2">
          <h2 className="grow font-[550]">Event</h2>
          <PanelButton name="Previous event" hint="Previous event (p)" sign="↓" onPress={onOlder} />
          <PanelButton name="Next event" hint="Next event (n)" sign="↑" onPress={onNewer} />
          <PanelButton name="Close" hint="Close (Escape)" sign="✕" onPress={onClose} />
        </div>
        <QueryState data={data} error={error}>
          {() =>
            found ? (
              <EventDetails event={found} project={project} href={href} onActor={onActor} />
            ) : (
              <p className="px-4 py-4 text-muted">
                There is no event {id}. It may have been removed with old history, or it is not yours to see.
              </p>
            )
          }
        </QueryState>
      </section>
    </Card>
  );
}
