"use client";
import { useMemo, useRef } from "react";
import { SelectField } from "#components/select-field.tsx";
import { shortId } from "#components/copyable-id.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import type { ListedEvent } from "#events/log/event-source.ts";
import type { Row } from "#events/log/stretch.ts";

interface ActorChoiceProps {
  readonly rows: readonly Row<ListedEvent>[];
  readonly control: EventsViewControl;
}

/** So many of the newest are looked at for who acts. */
const LOOKED_AT = 500;

/** Lists only what one actor has done: those that were seen so far can be chosen. */
export function ActorChoice({ rows, control: { view, change } }: ActorChoiceProps) {
  const seen = useRef(new Map<string, string>());
  const options = useMemo(() => {
    for (const { event } of rows.slice(0, LOOKED_AT)) {
      if (event.actor.id !== null) seen.current.set(event.actor.id, event.actor.name);
    }
    if (view.actor !== undefined && !seen.current.has(view.actor)) seen.current.set(view.actor, shortId(view.actor));
    const sorted = [...seen.current].sort(([, one], [, other]) => one.localeCompare(other));
    return { "": "By anyone", ...Object.fromEntries(sorted.map(([id, name]) => [id, `By ${name}`])) };
  }, [rows, view.actor]);
  return (
    <div className="w-40">
      <SelectField<string>
        label="By whom"
        labelHidden
        options={options}
        value={view.actor ?? ""}
        onChange={(actor) => change({ actor: actor || undefined })}
      />
    </div>
  );
}
