"use client";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { ActorKind } from "#api/generated/graphql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { ValueDiff } from "#components/diff/value-diff.tsx";
import { exactText } from "#components/time.tsx";
import { EventFragment } from "#events/event-fragment.ts";
import { eventJson } from "#events/event-json.ts";
import { eventSentence } from "#events/event-words.ts";
import type { SettingsView } from "#routes.ts";

const DetailsFragment = graphql(`
  fragment AuditDetails on AuditEntry {
    address
    before
    after
    sealed
    credential {
      id
      kind
      name
    }
    event {
      id
      ...EventLine
    }
  }
`);

const ACTOR_KINDS: Readonly<Record<ActorKind, string>> = {
  USER: "a person",
  AGENT: "an agent",
  API_KEY: "a program with an API key",
  SYSTEM: "Muster itself",
};

interface AuditDetailsProps {
  readonly entry: FragmentType<typeof DetailsFragment>;
  readonly narrow: (changes: SettingsView) => void;
}

/** Everything about an entry: who, with what, from where, why, and what it was before and after. */
export function AuditDetails({ entry: masked, narrow }: AuditDetailsProps) {
  const { address, before, after, credential, ...entry } = readFragment(DetailsFragment, masked);
  const event = readFragment(EventFragment, entry.event);
  const { actor, reason, correlationId } = event;
  const only = (changes: SettingsView) => () => narrow({ ...changes, entry: undefined });
  const changed = before !== null || after !== null;
  return (
    <div role="region" aria-label="Entry" className="grid gap-4 border-t border-line bg-page px-4 py-4 lg:grid-cols-2">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] content-start gap-x-4 gap-y-1.5">
        <Fact name="What">{eventSentence(event, { whose: true })}</Fact>
        <Fact name="When">
          <span className="tabular-nums">{exactText(event.at)}</span>
        </Fact>
        <Fact name="By">
          {actor.name}, {ACTOR_KINDS[actor.kind]}
          {actor.id !== null && (
            <Way onClick={only({ by: actor.id })} id={actor.id}>
              Only what they did
            </Way>
          )}
        </Fact>
        {credential !== null && (
          <Fact name="With">
            {credential.kind === "SESSION" ? "a session" : `the key ${credential.name}`}
            <Way onClick={only({ credential: credential.id })} id={credential.id}>
              Only with it
            </Way>
          </Fact>
        )}
        {address !== null && (
          <Fact name="From">
            <span className="font-mono text-sm">{address}</span>
            <Way onClick={only({ address })}>Only from there</Way>
          </Fact>
        )}
        {reason !== null && reason !== "" && <Fact name="Reason">{reason}</Fact>}
        <Fact name="Subject">
          <span className="font-mono text-sm">{event.type}</span>
          <Way onClick={only({ subject: event.subjectId })} id={event.subjectId}>
            Only about it
          </Way>
        </Fact>
        {correlationId !== null && (
          <Fact name="Request">
            <CopyableId id={correlationId} short />
          </Fact>
        )}
        <Fact name="Sealed">{entry.sealed ? "yes: a later change of it would be found" : "not yet"}</Fact>
      </dl>
      <div className="grid min-w-0 content-start gap-3">
        {changed ? (
          <ValueDiff label="Before and after" before={before} after={after} />
        ) : (
          <pre
            aria-label="Payload"
            tabIndex={0}
            className="max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
          >
            {JSON.stringify(event.payload, null, 2)}
          </pre>
        )}
        <div>
          <CopyButton text={() => JSON.stringify({ ...eventJson(event), credential, address }, null, 2)}>
            JSON
          </CopyButton>
        </div>
      </div>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

interface WayProps {
  readonly id?: string;
  readonly onClick: () => void;
  readonly children: string;
}

/** The way to other entries like this one. */
function Way({ id, onClick, children }: WayProps) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-3">
      {id !== undefined && <CopyableId id={id} short />}
      <button type="button" onClick={onClick} className="text-accent hover:underline">
        {children}
      </button>
    </span>
  );
}
