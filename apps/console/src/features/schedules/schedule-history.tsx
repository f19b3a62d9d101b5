import type { ComponentProps } from "react";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { EventLine } from "#events/event-line.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface ScheduleHistoryProps {
  readonly project: ProjectRoute;
  readonly id: string;
  /** The oldest first. */
  readonly events: readonly ({ readonly id: string } & ComponentProps<typeof EventLine>["event"])[];
}

/** What was done to a schedule and what it could not do, the newest first. */
export function ScheduleHistory({ project, id, events }: ScheduleHistoryProps) {
  return (
    <section aria-labelledby="history" className="grid grid-cols-1 gap-2">
      <h2 id="history" className="font-semibold">
        History
      </h2>
      <Card className="overflow-hidden">
        {events.length === 0 ? (
          <Empty title="Nothing is kept of it any more">Its events are older than what the project’s log keeps.</Empty>
        ) : (
          <ul aria-label="Events" className="divide-y divide-line">
            {events.toReversed().map((event) => (
              <li key={event.id}>
                <EventLine event={event} href={routes.activity(project, { subject: id, event: event.id })} />
              </li>
            ))}
          </ul>
        )}
      </Card>
    </section>
  );
}
