"use client";
import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useAgentView } from "#features/agent/agent-view.tsx";
import { EventDetails } from "#features/agent/event-details.tsx";
import { EventNavigation } from "#features/agent/event-navigation.tsx";
import { focusSummary } from "#features/agent/agent-summary.tsx";

const EventQuery = graphql(`
  query AgentEvent($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Event {
        type
        ...EventDetails
        ...EventNavigation
      }
    }
  }
`);

/** The event that the address names, with everything it has. However old it is, it is read by itself. */
export function EventPanel({ newest }: { readonly newest: string | undefined }) {
  const { event } = useAgentView();
  return event === null ? null : <OpenEvent id={event} newest={newest} />;
}

function OpenEvent({ id, newest }: { readonly id: string; readonly newest: string | undefined }) {
  const { open } = useAgentView();
  const panel = useRef<HTMLElement>(null);
  const [{ data, error }] = useQuery({ query: EventQuery, variables: { id }, requestPolicy: "cache-first" });
  const close = () => {
    open(null);
    const row = document.querySelector<HTMLElement>(`a[href$="event=${CSS.escape(id)}"]`);
    if (row) row.focus({ preventScroll: true });
    else focusSummary();
  };
  const latestClose = useRef(close);
  latestClose.current = close;
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    const onKey = (key: KeyboardEvent) => {
      const within = document.querySelector('[role="dialog"], [role="menu"]');
      if (key.key === "Escape" && !key.defaultPrevented && !within) latestClose.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const node = data?.node;
  const found = node && "type" in node ? node : null;
  return (
    <Card className="overflow-hidden max-lg:fixed max-lg:inset-x-2 max-lg:bottom-2 max-lg:z-20 max-lg:shadow-float">
      <section
        ref={panel}
        aria-label="Event"
        tabIndex={-1}
        className="max-h-[70dvh] overflow-y-auto outline-none lg:max-h-[calc(100dvh-32px)]"
      >
        <div className="sticky top-0 flex items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
          <h2 className="font-[550]">Event</h2>
          {found && <EventNavigation event={found} newest={newest} />}
          <button
            type="button"
            aria-label="Close"
            title="Close (Escape)"
            onClick={close}
            className="grid size-6 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          >
            <span aria-hidden>✕</span>
          </button>
        </div>
        <QueryState data={data} error={error}>
          {() =>
            found ? (
              <EventDetails event={found} />
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
