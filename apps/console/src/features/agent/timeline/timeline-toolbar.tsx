"use client";
import { Chip } from "#components/chip.tsx";
import { AGENT_KINDS } from "#events/filter/event-kinds.ts";
import { EventsToolbar } from "#events/filter/events-toolbar.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";
import type { EventSource } from "#events/log/event-source.ts";

interface TimelineToolbarProps {
  readonly source: EventSource;
  /** The agent's. */
  readonly name: string;
  readonly control: EventsViewControl;
  readonly list: ListOfEvents;
}

/** Which of the agent's events are listed, and how. */
export function TimelineToolbar({ source, name, control, list }: TimelineToolbarProps) {
  const { view, change } = control;
  return (
    <EventsToolbar
      source={source}
      name={name}
      control={control}
      list={list}
      search={{ label: "Search the timeline", placeholder: "Text, or the id of a task, context or event" }}
      kinds={AGENT_KINDS}
      more={
        <Chip
          pressed={view.idle === "hidden"}
          onPress={() => change({ idle: view.idle === "hidden" ? undefined : "hidden" })}
        >
          Hide idle
        </Chip>
      }
    />
  );
}
