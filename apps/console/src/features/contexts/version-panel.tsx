"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty, Loading } from "#components/notice.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { VerifyButton } from "#features/contexts/verify-button.tsx";
import { VersionActions } from "#features/contexts/version-actions.tsx";
import { VersionData } from "#features/contexts/version-data.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { VersionRecord, VersionRecordFragment } from "#features/contexts/version-record.tsx";
import { VersionSteps } from "#features/contexts/version-steps.tsx";
import { useAnswer } from "#live/use-answer.ts";

const VersionQuery = graphql(`
  query ContextVersion($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on ContextVersion {
        ...VersionRecord
        ...VersionActions
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
  /** The context's name. */
  readonly name: string;
  readonly onRollBack: (toVersion: number) => void;
  readonly className: string;
}

/** One version: who wrote it, why, and its data. */
export function VersionPanel({ number, newest, name, onRollBack, className }: VersionPanelProps) {
  const { context, may } = useContextView();
  const { data, error } = useAnswer(VersionQuery, { id: `${context}@${number}` });
  const [releasing, setReleasing] = useState(false);
  const version = data?.node?.__typename === "ContextVersion" ? data.node : null;
  const record = version && readFragment(VersionRecordFragment, version);
  if (error) {
    return (
      <Card role="region" aria-label={`Version ${number}`}>
        <VersionProblem error={error} verify={<VerifyButton />} />
      </Card>
    );
  }
  if (data === undefined) {
    return (
      <Card>
        <Loading />
      </Card>
    );
  }
  if (version === null || record === null) {
    return (
      <Card>
        <Empty title={`There is no version ${number}`}>The newest is {newest}: choose one of the list.</Empty>
      </Card>
    );
  }
  const { number: shown, prunedAt } = record;
  const refusal = !may("context.rollBack")
    ? "You need the permission context.rollBack."
    : prunedAt !== null
      ? "Its data has been removed."
      : undefined;
  return (
    <Card role="region" aria-label={`Version ${shown}`} className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2 border-b border-line px-3.5 py-2">
        <h2 className="font-semibold tabular-nums">Version {shown}</h2>
        {number === newest && <span className="text-muted">current</span>}
        <span className="grow" />
        <VersionSteps
          previous={number > 1 ? { version: number - 1 } : null}
          next={number < newest ? { version: number + 1 } : null}
        />
        <VersionActions version={version} name={name} newest={newest} />
        {/* Not while the next version is on its way to whoever watches the newest: nobody asked for an older one. */}
        {number < newest && (
          <Button look="danger" disabled={refusal !== undefined} title={refusal} onClick={() => onRollBack(number)}>
            Roll back to {number}
          </Button>
        )}
      </div>
      <VersionRecord version={version} onRelease={() => setReleasing(true)} mayRelease={may("context.rollBack")} />
      <VersionData id={version.id} number={shown} name={name} className={className} />
      <ReleaseDialog number={shown} open={releasing} onClose={() => setReleasing(false)} />
    </Card>
  );
}
