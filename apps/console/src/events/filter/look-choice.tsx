"use client";
import { Choice } from "#components/choice.tsx";
import { Chip } from "#components/chip.tsx";
import { isAscending, lookOf, LOOKS } from "#events/filter/events-view.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";

/** How much of each event is shown, and which comes first. */
export function LookChoice({ control: { view, change } }: { readonly control: EventsViewControl }) {
  return (
    <>
      <Choice
        label="How much of each"
        options={LOOKS}
        value={lookOf(view)}
        onChange={(look) => change({ look: look === "compact" ? undefined : look })}
      />
      <Chip
        pressed={isAscending(view)}
        onPress={() => change({ order: isAscending(view) ? undefined : "oldest", event: undefined })}
      >
        Oldest first
      </Chip>
    </>
  );
}
