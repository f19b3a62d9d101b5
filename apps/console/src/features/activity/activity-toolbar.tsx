"use client";
import { PROJECT_KINDS } from "#events/filter/event-kinds.ts";
import { EventsToolbar } from "#events/filter/events-toolbar.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";
import type { EventSource } from "#events/log/event-source.ts";
import { TimeChoice } from "#events/filter/time-choice.tsx";

interface ActivityToolbarProps {
  readonly source: EventSource;
  /** The project's. */
  readonly name: string;
  readonly control: EventsViewControl;
  readonly list: ListOfEvents;
}

/** Which of the project's events are listed, and how. */
export function ActivityToolbar({ source, name, control, list }: ActivityToolbarProps) {
  return (
    <EventsToolbar
      source={source}
      name={name}
      control={control}
      list={list}
      search={{ label: "Search the log", placeholder: "Text, or any id" }}
      kinds={PROJECT_KINDS}
      time={<TimeChoice control={control} />}
    />
  );
}
