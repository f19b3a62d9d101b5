"use client";
import type { ReactNode } from "react";
import { SearchBox } from "#components/search-box.tsx";
import { ExportButton } from "#events/export/export-button.tsx";
import { ActorChoice } from "#events/filter/actor-choice.tsx";
import type { EventKind } from "#events/filter/event-kinds.ts";
import { KindChips } from "#events/filter/kind-chips.tsx";
import { LiveSwitch } from "#events/filter/live-switch.tsx";
import { LookChoice } from "#events/filter/look-choice.tsx";
import { Narrowing } from "#events/filter/narrowing.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";
import type { EventSource } from "#events/log/event-source.ts";

interface EventsToolbarProps {
  readonly source: EventSource;
  /** Whose events they are: an export is named after it. */
  readonly name: string;
  readonly control: EventsViewControl;
  readonly list: ListOfEvents;
  readonly search: { readonly label: string; readonly placeholder: string };
  readonly kinds: readonly EventKind[];
  /** Of when they are, where that can be chosen. */
  readonly time?: ReactNode;
  /** What else can be left out. */
  readonly more?: ReactNode;
}

/** Which events are listed, and how. */
export function EventsToolbar({ source, name, control, list, search, kinds, time, more }: EventsToolbarProps) {
  const { view, change } = control;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox {...search} value={view.search ?? ""} onSearch={(text) => change({ search: text || undefined })} />
        <ActorChoice rows={list.open.state.rows} control={control} />
        {time}
        <Narrowing control={control} />
        <span className="grow" />
        <LiveSwitch list={list} />
        <ExportButton source={source} filter={list.filter} keep={list.keep} name={`${name}-events`} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <KindChips kinds={kinds} control={control} />
        <span className="grow" />
        {more}
        <LookChoice control={control} />
      </div>
    </>
  );
}
