"use client";
import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { listText } from "#features/contexts/list-text.ts";
import { numberRanges } from "#features/contexts/number-ranges.ts";

const PreviewQuery = graphql(`
  query RollBackPreview($id: ID!, $toVersion: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        rollbackPreview(toVersion: $toVersion) {
          skippedCount
          skipped {
            id
            number
          }
          releaseCount
          releases {
            id
            number
          }
          runningTaskCount
          agents {
            wouldConfirm
            agent {
              id
              name
            }
          }
          warnings {
            code
            message
          }
        }
      }
    }
  }
`);

interface RollBackPreviewProps {
  readonly context: string;
  readonly toVersion: number;
  readonly newest: number;
}

/** What a rollback does besides the data: which versions it holds, which agents it asks, and what to think about before. */
export function RollBackPreview({ context, toVersion, newest }: RollBackPreviewProps) {
  const [{ data }, ask] = useQuery({
    query: PreviewQuery,
    variables: { id: context, toVersion },
    requestPolicy: "cache-and-network",
  });
  // Another version may be written while somebody looks at this.
  const first = useRef(newest);
  useEffect(() => {
    if (newest !== first.current) ask({ requestPolicy: "network-only" });
    first.current = newest;
  }, [newest, ask]);
  const preview = data?.node?.__typename === "Context" ? data.node.rollbackPreview : null;
  const [asked, others] = [true, false].map((wanted) =>
    (preview?.agents ?? []).filter(({ wouldConfirm }) => wouldConfirm === wanted).map(({ agent }) => agent.name),
  ) as [string[], string[]];
  return (
    <>
      {preview?.warnings.map(({ code, message }) => (
        <p key={code} role="status" className="rounded-md bg-warning-soft px-3 py-2 text-warning">
          {message}
        </p>
      ))}
      <ul aria-label="What happens" className="grid list-disc gap-1 pl-4 text-muted marker:text-faint">
        <li>
          Version {newest + 1} is written, with the data of version {toVersion}. Nothing is deleted, and this can be
          undone.
        </li>
        {preview && preview.skippedCount > 0 && (
          <li>
            {versionsText(preview.skipped, preview.skippedCount)} {preview.skippedCount === 1 ? "is" : "are"} held from
            then on: writing the same data again is refused until somebody releases it.
          </li>
        )}
        {preview && preview.releaseCount > 0 && (
          <li>
            {versionsText(preview.releases, preview.releaseCount)} {preview.releaseCount === 1 ? "is" : "are"} not held
            any more: what is gone back to is the same data.
          </li>
        )}
        {preview && (
          <li>
            {asked.length === 0
              ? "No agent that uses it is running: the rollback succeeds at once."
              : `${listText(asked)} ${asked.length === 1 ? "has" : "have"} to confirm: each loads the version, then says so.`}
            {others.length > 0 && ` Not running, and not asked: ${listText(others)}.`}
          </li>
        )}
        {preview && preview.runningTaskCount > 0 && (
          <li>
            {preview.runningTaskCount === 1 ? "A task runs" : `${numberText(preview.runningTaskCount)} tasks run`} with
            these agents now, and {preview.runningTaskCount === 1 ? "goes" : "go"} on. New ones wait until the agent has
            confirmed.
          </li>
        )}
      </ul>
    </>
  );
}

function versionsText(some: readonly { readonly number: number }[], count: number): string {
  const word = count === 1 ? "Version" : "Versions";
  const more = count - some.length;
  return `${word} ${numberRanges(some.map(({ number }) => number))}${more > 0 ? ` and ${numberText(more)} more` : ""}`;
}
