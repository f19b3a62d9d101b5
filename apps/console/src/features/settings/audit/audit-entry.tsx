"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { EventFragment } from "#events/event-fragment.ts";
import { EventMark } from "#events/event-mark.tsx";
import { EventSentence } from "#events/event-sentence.tsx";
import { EventTime } from "#events/event-time.tsx";
import { eventWords } from "#events/event-words.ts";
import { AuditDetails } from "#features/settings/audit/audit-details.tsx";
import type { SettingsView } from "#routes.ts";

const EntryFragment = graphql(`
  fragment AuditEntry on AuditEntry {
    address
    sealed
    event {
      id
      ...EventLine
    }
    ...AuditDetails
  }
`);

interface AuditEntryProps {
  readonly entry: FragmentType<typeof EntryFragment>;
  readonly open: boolean;
  /** Opens it, or closes it by null. */
  readonly onToggle: (entry: string | undefined) => void;
  readonly narrow: (changes: SettingsView) => void;
}

/** An entry in a line: when, what, by whom and from where; opened it shows all that there is. */
export function AuditEntry({ entry: masked, open, onToggle, narrow }: AuditEntryProps) {
  const entry = readFragment(EntryFragment, masked);
  const event = readFragment(EventFragment, entry.event);
  const { mark, words, detail } = eventWords(event, { whose: true });
  return (
    <li className="border-t border-line first:border-t-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onToggle(open ? undefined : event.id)}
        className={`grid w-full grid-cols-[12px_1fr_auto] items-baseline gap-x-3 px-4 py-1.75 text-left -outline-offset-2 sm:grid-cols-[minmax(88px,auto)_12px_minmax(0,1fr)_auto_auto] ${open ? "bg-accent-soft" : "hover:bg-sunken"}`}
      >
        <span className="col-start-2 row-start-1 text-faint max-sm:leading-4 sm:col-start-1">
          <EventTime at={event.at} />
        </span>
        <span className="col-start-1 row-start-1 self-center sm:col-start-2">
          <EventMark mark={mark} />
        </span>
        <span className="col-start-2 row-start-2 min-w-0 sm:col-start-3 sm:row-start-1 sm:truncate">
          <EventSentence words={words} detail={detail} />
        </span>
        <span className="text-faint max-sm:col-start-2 max-sm:row-start-3 sm:max-w-64 sm:truncate">
          {event.actor.name}
          {entry.address !== null && <span className="font-mono text-sm"> {entry.address}</span>}
        </span>
        <Sealed sealed={entry.sealed} />
      </button>
      {open && <AuditDetails entry={entry} narrow={narrow} />}
    </li>
  );
}

/** Whether a later change of the entry would be found. */
function Sealed({ sealed }: { readonly sealed: boolean }) {
  return (
    <span
      title={
        sealed ? "Sealed: a later change of it would be found" : "Not sealed yet when it was read: that takes a moment"
      }
      className={`max-sm:col-start-3 max-sm:row-start-1 ${sealed ? "text-online" : "text-faint"}`}
    >
      <svg
        aria-hidden
        viewBox="0 0 12 12"
        className="size-3 self-center"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      >
        <rect x="2" y="5.5" width="8" height="5" rx="1" fill={sealed ? "currentColor" : "none"} />
        <path d={sealed ? "M4 5.5V4a2 2 0 0 1 4 0v1.5" : "M4 5.5V3.5a2 2 0 0 1 3.8-.9"} />
      </svg>
      <span className="sr-only">{sealed ? "sealed" : "not sealed yet"}</span>
    </span>
  );
}
