"use client";
import { Chip } from "#components/chip.tsx";
import { type EventKind, namesIn, pressed } from "#events/filter/event-kinds.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";

interface KindChipsProps {
  readonly kinds: readonly EventKind[];
  readonly control: Pick<EventsViewControl, "view" | "change">;
}

/** Lists only the kinds of events that are pressed; none is all. */
export function KindChips({ kinds, control: { view, change } }: KindChipsProps) {
  const names = namesIn(view.show);
  return (
    <div role="group" aria-label="Kinds of events" className="flex flex-wrap gap-2">
      {kinds.map((kind) => (
        <Chip
          key={kind.name}
          pressed={names.includes(kind.name)}
          onPress={() => change({ show: pressed(kinds, names, kind).join(",") || undefined })}
        >
          {kind.word}
        </Chip>
      ))}
    </div>
  );
}
