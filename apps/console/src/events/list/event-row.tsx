"use client";
import { memo } from "react";
import { makeFragmentData } from "#api/generated/fragment-masking.ts";
import { EventFragment } from "#events/event-fragment.ts";
import { eventJson } from "#events/event-json.ts";
import { EventLine } from "#events/event-line.tsx";
import { EventLinks } from "#events/event-links.tsx";
import type { Look } from "#events/filter/events-view.ts";
import { payloadTexts } from "#events/list/payload-texts.ts";
import type { ListedEvent } from "#events/log/event-source.ts";
import type { ProjectRoute } from "#routes.ts";

interface EventRowProps {
  readonly event: ListedEvent;
  readonly project: ProjectRoute;
  readonly href: string;
  readonly onOpen: () => void;
  readonly opened: boolean;
  readonly look: Look;
  /** Says which agent it happened to. */
  readonly whose: boolean;
}

/** One event of a list: a line, and as much more of it as is wanted. */
export const EventRow = memo(
  function EventRow({ event, project, href, onOpen, opened, look, whose }: EventRowProps) {
    return (
      <div className={opened ? "bg-accent-soft" : ""}>
        <EventLine
          event={makeFragmentData(event, EventFragment)}
          href={href}
          onOpen={onOpen}
          current={opened}
          whose={whose}
        />
        {look === "full" && (
          <div className="grid gap-0.5 px-4 pb-2 text-sm break-words text-faint sm:pl-[140px]">
            <p>{[event.id, event.type, ...payloadTexts(event.payload)].join(" · ")}</p>
            <EventLinks event={event} project={project} />
          </div>
        )}
        {look === "json" && <EventAsJson event={event} />}
      </div>
    );
  },
  (one, other) =>
    one.event === other.event &&
    one.href === other.href &&
    one.opened === other.opened &&
    one.look === other.look &&
    one.whose === other.whose,
);

/** Longer ones scroll, and so have to be reached by keys. */
const LONG = 3_000;

function EventAsJson({ event }: { readonly event: ListedEvent }) {
  const text = JSON.stringify(eventJson(event), null, 2);
  return (
    <pre
      aria-label={`${event.id} as JSON`}
      tabIndex={text.length > LONG ? 0 : undefined}
      className={`mx-4 mb-2 rounded-md bg-sunken px-3 py-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap sm:ml-[140px] ${text.length > LONG ? "max-h-96 overflow-auto" : ""}`}
    >
      {text}
    </pre>
  );
}
