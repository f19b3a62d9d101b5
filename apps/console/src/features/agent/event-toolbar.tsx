"use client";
import { Chip } from "#components/chip.tsx";
import { useAgentView } from "#features/agent/agent-view.tsx";
import { EVENT_KINDS, type EventKind, toggled } from "#features/agent/event-kinds.ts";

const KIND_WORDS: Readonly<Record<EventKind, string>> = {
  transitions: "Transitions",
  tasks: "Tasks",
  contexts: "Contexts",
};

interface EventToolbarProps {
  /** How many new events wait above. */
  readonly held: number;
  readonly onRelease: () => void;
}

/** Which events are listed, how much of each, and the way up to new ones. Stays in sight. */
export function EventToolbar({ held, onRelease }: EventToolbarProps) {
  const { kinds, details, change } = useAgentView();
  return (
    <div className="sticky top-0 z-10 flex flex-wrap items-center gap-2 bg-page py-2">
      <div role="group" aria-label="Kinds of events" className="flex gap-2">
        {EVENT_KINDS.map((kind) => (
          <Chip key={kind} pressed={kinds.includes(kind)} onPress={() => change({ kinds: toggled(kinds, kind) })}>
            {KIND_WORDS[kind]}
          </Chip>
        ))}
      </div>
      <span className="grow" />
      {held > 0 && (
        <button
          type="button"
          onClick={onRelease}
          className="rounded-full border border-accent bg-accent px-3 py-0.75 font-[550] text-on-accent tabular-nums"
        >
          {held === 1 ? "1 new event" : `${held} new events`} ↑
        </button>
      )}
      <Chip pressed={details} onPress={() => change({ details: !details })}>
        {details ? "Hide details" : "Show details"}
      </Chip>
    </div>
  );
}
