import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";

import { EventFragment } from "#events/event-fragment.ts";
import { EventTime } from "#events/event-time.tsx";
import { EventMark } from "#events/event-mark.tsx";
import { eventWords, type Word } from "#events/event-words.ts";
import { spentText } from "#events/spent-text.ts";
import { AgentStateBadge, TaskStateBadge } from "#lifecycles/state-badge.tsx";

interface EventLineProps {
  readonly event: FragmentType<typeof EventFragment>;
  /** The event's own address. */
  readonly href: string;
  /** Says which agent it happened to. */
  readonly whose?: boolean;
  /** Opens it on this page instead of going to its address. */
  readonly onOpen?: () => void;
  readonly current?: boolean;
}

/** An event in a line: when, what happened in words, by whom, and how long it had been as before. All of it is a link. */
export function EventLine({ event: masked, href, whose = false, onOpen, current = false }: EventLineProps) {
  const event = readFragment(EventFragment, masked);
  const { mark, words, detail } = eventWords(event, { whose });
  const durationMs = event.__typename === "AgentTransitioned" ? event.durationMs : null;
  return (
    <Link
      href={href}
      scroll={false}
      prefetch={false}
      aria-current={current ? "true" : undefined}
      {...(onOpen && { onNavigate: instead(onOpen) })}
      className={`grid grid-cols-[auto_12px_1fr] items-baseline gap-x-3 px-4 py-1.75 sm:grid-cols-[88px_12px_1fr_auto] ${current ? "bg-accent-soft" : "hover:bg-sunken"}`}
    >
      <span className="text-faint">
        <EventTime at={event.at} />
      </span>
      <span className="self-center">
        <EventMark mark={mark} />
      </span>
      <span className="min-w-0 truncate">
        {words.map((word, index) => (
          <EventWord key={index} word={word} />
        ))}
        {detail !== null && <span className="text-muted">: {detail}</span>}
      </span>
      <span className="hidden max-w-48 truncate text-faint sm:inline">
        {durationMs !== null && <span title="How long it was in the state before">{spentText(durationMs)} · </span>}
        {event.actor.name}
      </span>
    </Link>
  );
}

function instead(open: () => void): (event: { preventDefault: () => void }) => void {
  return (event) => {
    event.preventDefault();
    open();
  };
}

function EventWord({ word }: { readonly word: Word }) {
  if (typeof word === "string") return <span className="whitespace-pre text-muted">{word}</span>;
  if ("name" in word) return <span className="font-[550]">{word.name}</span>;
  return "agentState" in word ? (
    <AgentStateBadge state={word.agentState} quiet />
  ) : (
    <TaskStateBadge state={word.taskState} quiet />
  );
}
