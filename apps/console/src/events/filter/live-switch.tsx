"use client";
import { Chip } from "#components/chip.tsx";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";

/** Whether what happens appears by itself. Off: it waits, and is counted. */
export function LiveSwitch({ list }: { readonly list: ListOfEvents }) {
  if (list.filter.before != null) return null;
  return (
    <Chip pressed={!list.paused} onPress={() => list.pause(!list.paused)}>
      {list.paused ? "Paused" : "Live"}
    </Chip>
  );
}
