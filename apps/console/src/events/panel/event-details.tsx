"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { ActorKind } from "#api/generated/graphql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Ago, exactText } from "#components/time.tsx";
import { EventFragment } from "#events/event-fragment.ts";
import { eventJson } from "#events/event-json.ts";
import { EventMark } from "#events/event-mark.tsx";
import { eventTargets } from "#events/event-targets.ts";
import { eventSentence, eventWords } from "#events/event-words.ts";
import { spentText } from "#events/spent-text.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const DetailsFragment = graphql(`
  fragment EventDetails on Event {
    id
    labels
    ...EventLine
  }
`);

const ACTOR_KINDS: Readonly<Record<ActorKind, string>> = {
  USER: "a person",
  AGENT: "an agent",
  API_KEY: "a program with an API key",
  SYSTEM: "Muster itself",
};
/** What one request does is in the log within this time of it. */
const REQUEST_MS = 60_000;

interface EventDetailsProps {
  readonly event: FragmentType<typeof DetailsFragment>;
  readonly project: ProjectRoute;
  readonly href: string;
  readonly onActor: (actor: string) => void;
}

/** Everything that an event has, and the ways to what it is about. */
export function EventDetails({ event: masked, project, href, onActor }: EventDetailsProps) {
  const { labels, ...rest } = readFragment(DetailsFragment, masked);
  const event = readFragment(EventFragment, rest);
  const { actor, correlationId: correlation } = event;
  return (
    <div className="grid gap-3 px-4 py-3">
      <p className="flex items-baseline gap-2 font-[550] break-words">
        <span className="shrink-0 self-start pt-1">
          <EventMark mark={eventWords(event).mark} />
        </span>
        <span className="min-w-0">{eventSentence(event)}</span>
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="When">
          <Ago at={event.at} />
          <span className="block text-sm text-faint tabular-nums">{exactText(event.at)}</span>
        </Fact>
        <Fact name="By">
          {actor.name}, {ACTOR_KINDS[actor.kind]}
          {actor.id !== null && (
            <span className="flex flex-wrap gap-x-3">
              <CopyableId id={actor.id} short />
              <button type="button" onClick={() => onActor(actor.id ?? "")} className="text-accent hover:underline">
                Only what it did
              </button>
            </span>
          )}
        </Fact>
        {eventTargets(event, project).map(({ kind, name, href: target }) => (
          <Fact key={target} name={kind}>
            <Link href={target} prefetch={false} className="text-accent hover:underline">
              {name}
            </Link>
          </Fact>
        ))}
        {event.reason !== null && <Fact name="Reason">{event.reason}</Fact>}
        {"durationMs" in event && event.durationMs !== null && (
          <Fact name="Before">{spentText(event.durationMs)} in the state before</Fact>
        )}
        <Fact name="Type">
          <span className="font-mono text-sm">{event.type}</span>
        </Fact>
        <Fact name="Subject">
          <CopyableId id={event.subjectId} short />
          <span className="block text-sm text-faint">version {event.subjectVersion} after it</span>
        </Fact>
        {correlation !== null && (
          <Fact name="Request">
            <CopyableId id={correlation} short />
            <Link
              href={routes.activity(project, { correlation, ...around(event.at) })}
              prefetch={false}
              className="block text-accent hover:underline"
            >
              All of this request
            </Link>
          </Fact>
        )}
        {isFilled(labels) && (
          <Fact name="Labels">
            {Object.entries(labels)
              .map(([label, value]) => `${label}=${String(value)}`)
              .join(", ")}
          </Fact>
        )}
        <Fact name="Id">
          <CopyableId id={event.id} />
        </Fact>
      </dl>
      <pre
        aria-label="Payload"
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {JSON.stringify(event.payload, null, 2)}
      </pre>
      <div className="flex gap-2">
        <CopyButton text={() => location.origin + href}> link</CopyButton>
        <CopyButton text={() => JSON.stringify({ ...eventJson(event), labels }, null, 2)}> JSON</CopyButton>
      </div>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function around(at: string) {
  const time = Date.parse(at);
  return { from: new Date(time - REQUEST_MS).toISOString(), to: new Date(time + REQUEST_MS).toISOString() };
}

function isFilled(labels: unknown): labels is Record<string, unknown> {
  return typeof labels === "object" && labels !== null && Object.keys(labels).length > 0;
}
