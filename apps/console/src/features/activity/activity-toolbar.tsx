"use client";
import { SearchBox } from "#components/search-box.tsx";
import { ExportButton } from "#events/export/export-button.tsx";
import { ActorChoice } from "#events/filter/actor-choice.tsx";
import { PROJECT_KINDS } from "#events/filter/event-kinds.ts";
import { KindChips } from "#events/filter/kind-chips.tsx";
import { LiveSwitch } from "#events/filter/live-switch.tsx";
import { LookChoice } from "#events/filter/look-choice.tsx";
import { Narrowing } from "#events/filter/narrowing.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";
import type { EventSource } from "#events/log/event-source.ts";
import { TimeChoice } from "#features/activity/time-choice.tsx";

interface ActivityToolbarProps {
  readonly source: EventSource;
  /** The project's. */
  readonly name: string;
  readonly control: EventsViewControl;
  readonly list: ListOfEvents;
}

/** Which of the project's events are listed, and how. */
export function ActivityToolbar({ source, name, control, list }: ActivityToolbarProps) {
  const { view, change } = control;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search the log"
          placeholder="Text, or any id"
          value={view.search ?? ""}
          onSearch={(search) => change({ search: search || undefined })}
        />
        <ActorChoice rows={list.open.state.rows} control={control} />
        <TimeChoice control={control} />
        <Narrowing control={control} />
        <span className="grow" />
        <LiveSwitch list={list} />
        <ExportButton source={source} filter={list.filter} keep={list.keep} name={`${name}-events`} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <KindChips kinds={PROJECT_KINDS} control={control} />
        <span className="grow" />
        <LookChoice control={control} />
      </div>
    </>
  );
}
