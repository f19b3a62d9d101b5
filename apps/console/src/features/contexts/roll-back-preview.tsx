"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";

const PreviewQuery = graphql(`
  query RollBackPreview($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        readers {
          wouldConfirm
          agent {
            id
            name
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

/** What a rollback does besides the data: which versions it holds, and which agents it asks. */
export function RollBackPreview({ context, toVersion, newest }: RollBackPreviewProps) {
  const [{ data }] = useQuery({
    query: PreviewQuery,
    variables: { id: context },
    requestPolicy: "cache-and-network",
  });
  const readers = data?.node?.__typename === "Context" ? data.node.readers : null;
  const [asked, others] = [true, false].map((wanted) =>
    (readers ?? []).filter(({ wouldConfirm }) => wouldConfirm === wanted).map(({ agent }) => agent.name),
  ) as [string[], string[]];
  const skipped = newest === toVersion + 1 ? `version ${newest}` : `versions ${toVersion + 1} to ${newest}`;
  return (
    <ul className="grid list-disc gap-1 pl-4 text-muted marker:text-faint">
      <li>
        Version {newest + 1} is written, with the data of version {toVersion}. Nothing is deleted, and this can be
        undone.
      </li>
      <li>
        What is in {skipped} and differs from version {toVersion} will be held: writing the same data again is refused
        until somebody releases it.
      </li>
      {readers && (
        <li>
          {asked.length === 0
            ? "No agent that uses it is running: the rollback succeeds at once."
            : `${listText(asked)} ${asked.length === 1 ? "has" : "have"} to confirm: each loads the version, then says so.`}
          {others.length > 0 && ` Not running, and not asked: ${listText(others)}.`}
        </li>
      )}
    </ul>
  );
}

const MOST_NAMES = 10;

function listText(names: readonly string[]): string {
  if (names.length > MOST_NAMES) {
    return `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
  }
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
