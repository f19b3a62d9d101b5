"use client";
import { useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { EventLine } from "#events/event-line.tsx";
import type { TaskEvent } from "#features/tasks/task-event.ts";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import type { EventFragment } from "#events/event-fragment.ts";

/** So many more are shown at a time. */
const STEP = 20;

interface TaskEventsProps {
  /** The newest first. */
  readonly events: readonly (TaskEvent & FragmentType<typeof EventFragment>)[];
  readonly incomplete: boolean;
  readonly hrefOf: (event: string) => string;
  /** The event that the address names. */
  readonly current: string | undefined;
}

/** What has happened to the task, the newest first. */
export function TaskEvents({ events, incomplete, hrefOf, current }: TaskEventsProps) {
  const place = events.findIndex(({ id }) => id === current);
  const [limit, setLimit] = useState(Math.max(STEP, place + 1));
  useEffect(() => {
    if (current !== undefined) document.getElementById(current)?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <Card className="min-w-0">
      <h2 className="px-4 py-2.5 font-[550]">Events</h2>
      <ul aria-label="Events" className="border-t border-line py-1">
        {events.slice(0, limit).map((event) => (
          <li key={event.id} id={event.id}>
            <EventLine
              event={event}
              href={hrefOf(event.id)}
              onOpen={() => window.history.replaceState(null, "", hrefOf(event.id))}
              current={event.id === current}
            />
          </li>
        ))}
      </ul>
      {(events.length > limit || incomplete) && (
        <div className="flex items-center gap-3 border-t border-line px-4 py-2.5 text-muted">
          {events.length > limit ? (
            <Button onClick={() => setLimit(limit + STEP)}>Show {Math.min(STEP, events.length - limit)} more</Button>
          ) : (
            "Earlier events are in the project’s activity."
          )}
        </div>
      )}
    </Card>
  );
}
