"use client";
import { type ReactNode, useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { ActorKind } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago, exactText } from "#components/time.tsx";
import { EventFragment } from "#events/event-fragment.ts";
import { EventMark } from "#events/event-mark.tsx";
import { eventSentence, eventWords } from "#events/event-words.ts";
import { spentText } from "#events/spent-text.ts";
import { useAgentView } from "#features/agent/agent-view.tsx";

const DetailsFragment = graphql(`
  fragment EventDetails on Event {
    id
    type
    at
    actor {
      kind
      id
      name
    }
    reason
    correlationId
    subjectId
    subjectVersion
    payload
    ...EventLine
  }
`);

const ACTOR_KINDS: Readonly<Record<ActorKind, string>> = {
  USER: "a person",
  AGENT: "an agent",
  API_KEY: "a program with an API key",
  SYSTEM: "Muster itself",
};

/** Everything that an event has. */
export function EventDetails({ event: masked }: { readonly event: FragmentType<typeof DetailsFragment> }) {
  const event = readFragment(DetailsFragment, masked);
  const line = readFragment(EventFragment, event);
  return (
    <div className="grid gap-3 px-4 py-3">
      <p className="flex items-baseline gap-2 font-[550] break-words">
        <span className="shrink-0 self-start pt-1">
          <EventMark mark={eventWords(line).mark} />
        </span>
        <span className="min-w-0">{eventSentence(line)}</span>
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="When">
          <Ago at={event.at} />
          <span className="block text-sm text-faint tabular-nums">{exactText(event.at)}</span>
        </Fact>
        <Fact name="By">
          {event.actor.name}, {ACTOR_KINDS[event.actor.kind]}
          {event.actor.id !== null && (
            <span className="block">
              <CopyableId id={event.actor.id} short />
            </span>
          )}
        </Fact>
        {event.reason !== null && <Fact name="Reason">{event.reason}</Fact>}
        {"durationMs" in line && line.durationMs !== null && (
          <Fact name="Before">{spentText(line.durationMs)} in the state before</Fact>
        )}
        <Fact name="Type">
          <span className="font-mono text-sm">{event.type}</span>
        </Fact>
        <Fact name="Subject">
          <CopyableId id={event.subjectId} short />
          <span className="block text-sm text-faint">version {event.subjectVersion} after it</span>
        </Fact>
        {event.correlationId !== null && (
          <Fact name="Request">
            <CopyableId id={event.correlationId} short />
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
      <CopyLink event={event.id} />
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

function CopyLink({ event }: { readonly event: string }) {
  const { hrefOf } = useAgentView();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = () => void navigator.clipboard.writeText(location.origin + hrefOf(event)).then(() => setCopied(event));
  return (
    <div className="flex items-center gap-3">
      <Button onClick={copy}>Copy link</Button>
      <span role="status" className="text-muted">
        {copied === event && "Copied"}
      </span>
    </div>
  );
}
