"use client";
import { Chip } from "#components/chip.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { ExportButton } from "#events/export/export-button.tsx";
import { ActorChoice } from "#events/filter/actor-choice.tsx";
import { AGENT_KINDS } from "#events/filter/event-kinds.ts";
import { KindChips } from "#events/filter/kind-chips.tsx";
import { LiveSwitch } from "#events/filter/live-switch.tsx";
import { LookChoice } from "#events/filter/look-choice.tsx";
import { Narrowing } from "#events/filter/narrowing.tsx";
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
    <>
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search the timeline"
          placeholder="Text, or the id of a task, context or event"
          value={view.search ?? ""}
          onSearch={(search) => change({ search: search || undefined })}
        />
        <ActorChoice rows={list.open.state.rows} control={control} />
        <Narrowing control={control} />
        <span className="grow" />
        <LiveSwitch list={list} />
        <ExportButton source={source} filter={list.filter} keep={list.keep} name={`${name}-events`} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <KindChips kinds={AGENT_KINDS} control={control} />
        <span className="grow" />
        <Chip
          pressed={view.idle === "hidden"}
          onPress={() => change({ idle: view.idle === "hidden" ? undefined : "hidden" })}
        >
          Hide idle
        </Chip>
        <LookChoice control={control} />
      </div>
    </>
  );
}
