"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago, exactText } from "#components/time.tsx";
import { FilterFactsFragment } from "#features/webhooks/filter-facts.ts";
import { labelTexts, stateWord } from "#features/webhooks/filter-words.ts";
import { NameOf } from "#features/webhooks/name-of.tsx";
import { Verification } from "#features/webhooks/verification.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const FactsFragment = graphql(`
  fragment WebhookFacts on Webhook {
    id
    createdAt
    updatedAt
    previousSecretUntil
    cursor
    filter {
      ...FilterFacts
    }
  }
`);

interface WebhookFactsProps {
  readonly project: ProjectRoute;
  readonly webhook: FragmentType<typeof FactsFragment>;
}

/** Its settings, condition by condition, and how its deliveries are verified. */
export function WebhookFacts({ project, webhook: masked }: WebhookFactsProps) {
  const webhook = readFragment(FactsFragment, masked);
  const filter = readFragment(FilterFactsFragment, webhook.filter);
  const conditions: readonly (readonly [name: string, values: readonly ReactNode[] | null])[] = [
    ["Types", filter.types],
    ["States that were reached", filter.states && filter.states.map(stateWord)],
    [
      "Agents",
      filter.agents &&
        filter.agents.map((id) => (
          <Link
            key={id}
            href={routes.agent(project, id)}
            prefetch={false}
            className="hover:text-accent hover:underline"
          >
            <NameOf id={id} />
          </Link>
        )),
    ],
    ["Labels of the agent", labelTexts(filter.labels)],
    ["Text", filter.search ? [`“${filter.search}”`] : null],
    ["Contexts", filter.contexts && filter.contexts.map((id) => <NameOf key={id} id={id} />)],
    ["Tasks", filter.tasks],
    ["Subjects", filter.subjects],
    ["Actors", filter.actors],
  ];
  const given = conditions.filter(([, values]) => values !== null && values.length > 0);
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-3 px-4 py-3">
      <h2 className="font-[550]">What it is sent</h2>
      {given.length === 0 && <p className="-mt-2 text-muted">All that happens in the project.</p>}
      {given.length > 0 && (
        <dl className="grid gap-2">
          {given.map(([name, values]) => (
            <div key={name}>
              <dt className="text-sm text-faint">{name}</dt>
              <dd className="flex flex-wrap gap-1">
                {values?.map((value, index) => (
                  <Tag key={index}>
                    <span className="whitespace-normal wrap-anywhere">{value}</span>
                  </Tag>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1 border-t border-line pt-3">
        <dt className="text-faint">Created</dt>
        <dd>
          <Ago at={webhook.createdAt} />
        </dd>
        <dt className="text-faint">Changed</dt>
        <dd>
          <Ago at={webhook.updatedAt} />
        </dd>
        {webhook.previousSecretUntil !== null && (
          <>
            <dt className="text-faint">Old secret</dt>
            <dd>signs until {exactText(webhook.previousSecretUntil).replace(/\.\d+ \(.*$/, "")}</dd>
          </>
        )}
        <dt className="self-center text-faint" title="What comes after it in the project’s feed is not queued yet.">
          Position
        </dt>
        <dd>
          <CopyButton text={() => webhook.cursor}>cursor</CopyButton>
        </dd>
      </dl>
      <Verification />
    </Card>
  );
}
