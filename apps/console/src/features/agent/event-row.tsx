"use client";
import { memo } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { EventFragment } from "#events/event-fragment.ts";
import { EventLine } from "#events/event-line.tsx";
import { payloadTexts } from "#features/agent/payload-texts.ts";
import type { AgentEvent } from "#features/agent/use-agent-events.ts";

interface EventRowProps {
  readonly event: AgentEvent;
  readonly href: string;
  readonly onOpen: () => void;
  readonly opened: boolean;
  readonly details: boolean;
}

/** One event of the list; with details, what it carries stands below. */
export const EventRow = memo(
  function EventRow({ event, href, onOpen, opened, details }: EventRowProps) {
    return (
      <div className={opened ? "bg-accent-soft" : ""}>
        <EventLine event={event} href={href} onOpen={onOpen} current={opened} />
        {details && <EventFacts event={event} />}
      </div>
    );
  },
  (one, other) =>
    one.event === other.event &&
    one.href === other.href &&
    one.opened === other.opened &&
    one.details === other.details,
);

function EventFacts({ event: masked }: { readonly event: AgentEvent }) {
  const { id, type, payload } = readFragment(EventFragment, masked);
  return (
    <p className="px-4 pb-2 text-sm break-words text-faint sm:pl-[140px]">
      {[id, type, ...payloadTexts(payload)].join(" · ")}
    </p>
  );
}
