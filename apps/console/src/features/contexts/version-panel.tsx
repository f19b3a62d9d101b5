"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { Ago } from "#components/time.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { jsonText } from "#components/json/json-lines.ts";
import { JsonView } from "#components/json/json-view.tsx";
import { sizeText } from "#components/size-text.ts";
import { useAnswer } from "#live/use-answer.ts";
import { VersionSteps } from "#features/contexts/version-steps.tsx";

const VersionQuery = graphql(`
  query ContextVersion($id: ID!, $number: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        version(number: $number) {
          id
          number
          message
          createdAt
          sizeBytes
          heldSince
          rolledBackTo
          author {
            name
          }
          data
        }
      }
    }
  }
`);

/** Comes with the first version that is held. */
const ReleaseDialog = dynamic(() =>
  import("#features/contexts/release-dialog.tsx").then((module) => module.ReleaseDialog),
);

interface VersionPanelProps {
  readonly number: number;
  readonly newest: number;
  readonly onRollBack: (toVersion: number) => void;
}

/** One version: who wrote it, why, and its data. */
export function VersionPanel({ number, newest, onRollBack }: VersionPanelProps) {
  const { context } = useContextView();
  const { data, error } = useAnswer(VersionQuery, { id: context, number });
  const [releasing, setReleasing] = useState(false);
  return (
    <QueryState data={data} error={error}>
      {({ node }) => {
        const version = node?.__typename === "Context" ? node.version : null;
        if (!version) {
          return (
            <Card>
              <Empty title={`There is no version ${number}`}>The newest is {newest}: choose one of the list.</Empty>
            </Card>
          );
        }
        return (
          <Card role="region" aria-label={`Version ${version.number}`}>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
              <h2 className="font-semibold tabular-nums">Version {version.number}</h2>
              {number === newest && <span className="text-muted">current</span>}
              <span className="grow" />
              <VersionSteps
                previous={number > 1 ? { version: number - 1 } : null}
                next={number < newest ? { version: number + 1 } : null}
              />
              <CopyButton text={() => jsonText(version.data)} />
              {/* Not while the next version is on its way to whoever watches the newest: nobody asked for an older one. */}
              {number < newest && (
                <Button look="danger" onClick={() => onRollBack(number)}>
                  Roll back to {number}
                </Button>
              )}
            </div>
            <div className="grid gap-1 border-b border-line px-3.5 py-2.5">
              <p>{version.message ?? <span className="text-muted">It was written without a message.</span>}</p>
              <p className="text-muted">
                {version.rolledBackTo !== null && `Back to version ${version.rolledBackTo}. `}
                By {version.author.name}, <Ago at={version.createdAt} />, {sizeText(version.sizeBytes)}. Keys are
                sorted.
              </p>
              {version.heldSince !== null && (
                <div className="mt-1 flex flex-wrap items-center gap-3 rounded-md bg-warning-soft px-3 py-2">
                  <p className="min-w-48 grow text-warning">
                    Held since a rollback skipped it: writing the same data again is refused.
                  </p>
                  <Button onClick={() => setReleasing(true)}>Release</Button>
                </div>
              )}
            </div>
            <JsonView key={version.id} value={version.data} />
            {version.heldSince !== null && (
              <ReleaseDialog number={version.number} open={releasing} onClose={() => setReleasing(false)} />
            )}
          </Card>
        );
      }}
    </QueryState>
  );
}
