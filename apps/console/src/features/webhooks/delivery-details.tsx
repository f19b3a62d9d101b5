"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyButton } from "#components/copy-button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago, durationText } from "#components/time.tsx";
import { DeliveryActions } from "#features/webhooks/delivery-actions.tsx";
import { DeliveryRowFragment } from "#features/webhooks/delivery-row.tsx";
import { deliverySentence } from "#features/webhooks/delivery-sentence.ts";
import { prettyJson } from "#features/webhooks/pretty-json.ts";
import { nextAttempt, type Sending } from "#features/webhooks/sending.ts";
import { Until } from "#components/until.tsx";
import { deliveryLook } from "#features/webhooks/webhook-states.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const DetailsFragment = graphql(`
  fragment DeliveryDetails on WebhookDelivery {
    id
    ...DeliveryRow
    subjectId
    lastAttemptAt
    finishedAt
    responseExcerpt
    body
    event {
      __typename
      id
    }
  }
`);

interface DeliveryDetailsProps {
  readonly project: ProjectRoute;
  readonly delivery: FragmentType<typeof DetailsFragment>;
  readonly sending: Sending;
  readonly manages: boolean;
  readonly onShow: (id: string) => void;
  readonly onChanged: () => void;
  readonly onRead: () => void;
}

/** How it stands, then what was answered, then what is sent. */
export function DeliveryDetails({ project, delivery: masked, sending, manages, ...on }: DeliveryDetailsProps) {
  const details = readFragment(DetailsFragment, masked);
  const row = readFragment(DeliveryRowFragment, details);
  const { subjectId, event } = details;
  const next = nextAttempt(row, sending);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h3 className="font-semibold wrap-anywhere">{row.type}</h3>
          <StateBadge look={deliveryLook(row)} />
          <CopyableId id={row.id} short />
        </div>
        <p className="wrap-anywhere text-muted">
          {subjectId?.startsWith("agent_") && event ? (
            <Link
              href={routes.agent(project, subjectId, { event: event.id })}
              className="underline decoration-line-strong underline-offset-2 hover:text-accent"
            >
              {deliverySentence(row)}
            </Link>
          ) : (
            deliverySentence(row)
          )}
        </p>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-5 gap-y-1">
        <Fact name="Queued">
          <Ago at={row.createdAt} />
        </Fact>
        <Fact name="Attempts">
          {row.attempts === 0 ? "none yet" : row.attempts}
          {details.lastAttemptAt !== null && (
            <>
              , the last <Ago at={details.lastAttemptAt} />
              {row.durationMs !== null && `, in ${durationText(row.durationMs)}`}
            </>
          )}
        </Fact>
        {next !== null && (
          <Fact name="Next attempt">
            {sending.paused ? (
              "once the webhook is resumed"
            ) : (
              <>
                <Until come="due" at={next} />, after what was queued before it for the same subject
              </>
            )}
          </Fact>
        )}
        {row.lastStatus !== null && <Fact name="Status">{row.lastStatus}</Fact>}
        {row.lastError !== null && row.state !== "SUCCEEDED" && <Fact name="Error">{row.lastError}</Fact>}
        {row.skipReason !== null && <Fact name="Skipped">{row.skipReason}</Fact>}
      </dl>
      {manages && <DeliveryActions id={row.id} state={row.state} isEvent={!row.type.startsWith("muster.")} {...on} />}
      {details.responseExcerpt !== null && details.responseExcerpt !== "" && (
        <Text title="Answer">{details.responseExcerpt}</Text>
      )}
      <Text title="Body" copy={details.body}>
        {prettyJson(details.body)}
      </Text>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 wrap-anywhere tabular-nums">{children}</dd>
    </>
  );
}

interface TextProps {
  readonly title: string;
  /** What is copied: exactly what is sent, however it is shown. */
  readonly copy?: string;
  readonly children: string;
}

function Text({ title, copy, children }: TextProps) {
  return (
    <section className="grid min-w-0 gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <h4 className="font-[550]">{title}</h4>
        {copy !== undefined && <CopyButton text={() => copy} />}
      </div>
      <pre
        tabIndex={0}
        aria-label={title}
        className="max-h-80 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm leading-5 wrap-anywhere whitespace-pre-wrap [font-variant-ligatures:none]"
      >
        {children}
      </pre>
    </section>
  );
}
