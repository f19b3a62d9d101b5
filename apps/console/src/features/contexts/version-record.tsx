"use client";
import dynamic from "next/dynamic";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { sizeText } from "#components/size-text.ts";
import { Ago } from "#components/time.tsx";
import { ViewLink } from "#features/contexts/context-view.tsx";
import { VersionPinsFragment } from "#features/contexts/version-pins-fragment.ts";

const VersionPins = dynamic(() => import("#features/contexts/version-pins.tsx").then((module) => module.VersionPins));

export const VersionRecordFragment = graphql(`
  fragment VersionRecord on ContextVersion {
    id
    number
    message
    createdAt
    sizeBytes
    heldSince
    rolledBackTo
    mergedFrom
    prunedAt
    hash
    author {
      name
    }
    ...VersionPins
  }
`);

interface VersionRecordProps {
  readonly version: FragmentType<typeof VersionRecordFragment>;
  readonly mayRelease: boolean;
  readonly onRelease: () => void;
}

/** Who wrote a version, when and why, and what has become of it. */
export function VersionRecord({ version: masked, mayRelease, onRelease }: VersionRecordProps) {
  const version = readFragment(VersionRecordFragment, masked);
  const { message, createdAt, sizeBytes, heldSince, rolledBackTo, mergedFrom, prunedAt, hash, author } = version;
  const pinned = readFragment(VersionPinsFragment, version).pins.length > 0;
  return (
    <div className="grid gap-1 border-b border-line px-3.5 py-2.5">
      <p className="wrap-anywhere">
        {message ?? <span className="text-muted">It was written without a message.</span>}
      </p>
      <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
        <span>
          By {author.name}, <Ago at={createdAt} />, {sizeText(sizeBytes)}.
        </span>
        {rolledBackTo !== null && (
          <span>
            Back to{" "}
            <ViewLink to={{ version: rolledBackTo }} className="underline decoration-line-strong hover:text-accent">
              version {rolledBackTo}
            </ViewLink>
            .
          </span>
        )}
        {mergedFrom !== null && (
          <span>
            Merged: its author had read{" "}
            <ViewLink to={{ version: mergedFrom }} className="underline decoration-line-strong hover:text-accent">
              version {mergedFrom}
            </ViewLink>
            .
          </span>
        )}
        {prunedAt !== null && (
          <span>
            Data removed <Ago at={prunedAt} />, record kept.
          </span>
        )}
        <CopyableId id={hash} short />
      </p>
      {pinned && <VersionPins version={version} />}
      {heldSince !== null && (
        <div className="mt-1 flex flex-wrap items-center gap-3 rounded-md bg-warning-soft px-3 py-2">
          <p className="min-w-48 grow text-warning">
            Held since a rollback skipped it, <Ago at={heldSince} />: writing the same data again is refused.
          </p>
          <Button
            disabled={!mayRelease}
            title={mayRelease ? undefined : "You need the permission context.rollBack."}
            onClick={onRelease}
          >
            Release
          </Button>
        </div>
      )}
    </div>
  );
}
