import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { EventFragment } from "#events/event-fragment.ts";
import { EventTime } from "#events/event-time.tsx";
import { EventMark } from "#events/event-mark.tsx";
import { EventSentence } from "#events/event-sentence.tsx";
import { eventWords } from "#events/event-words.ts";
import { spentText } from "#events/spent-text.ts";

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
  const className = `grid grid-cols-[12px_1fr] items-baseline gap-x-2.5 px-4 py-1.75 -outline-offset-2 sm:gap-x-3 sm:grid-cols-[minmax(88px,auto)_12px_1fr_auto] ${current ? "bg-accent-soft" : "hover:bg-sunken"}`;
  const content = (
    <>
      <span className="col-start-2 row-start-1 text-faint max-sm:leading-4 sm:col-start-1">
        <EventTime at={event.at} />
      </span>
      <span className="col-start-1 row-start-1 self-center sm:col-start-2">
        <EventMark mark={mark} />
      </span>
      <span className="col-start-2 row-start-2 min-w-0 truncate sm:col-start-3 sm:row-start-1">
        <EventSentence words={words} detail={detail} />
      </span>
      <span className="hidden max-w-48 truncate text-faint sm:inline">
        {durationMs !== null && <span title="How long it was in the state before">{spentText(durationMs)} · </span>}
        {event.actor.name}
      </span>
    </>
  );
  if (onOpen === undefined) {
    return (
      <Link href={href} scroll={false} prefetch={false} className={className}>
        {content}
      </Link>
    );
  }
  // A plain link: long lists make hundreds of them a second while they are scrolled.
  return (
    <a
      href={href}
      aria-current={current ? "true" : undefined}
      onClick={(click) => {
        if (click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
        click.preventDefault();
        onOpen();
      }}
      className={className}
    >
      {content}
    </a>
  );
}
