"use client";
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { Empty, Problem } from "#components/notice.tsx";
import { isPruned, isTampered } from "#features/contexts/version-errors.ts";

interface VersionProblemProps {
  readonly error: CombinedError;
  /** What can be done about data that somebody changed. */
  readonly verify?: ReactNode;
}

/** Why data cannot be shown: retention has removed it, somebody changed it, or Muster cannot be reached. */
export function VersionProblem({ error, verify }: VersionProblemProps) {
  if (isPruned(error)) {
    return (
      <Empty title="The data was removed, the record is kept">
        {error.graphQLErrors[0]?.message} Who wrote it, when and why stays, and so do its hashes: the chain can still be
        verified. Pinned versions keep their data.
      </Empty>
    );
  }
  if (isTampered(error)) {
    return (
      <div className="grid gap-3 p-3.5">
        <Problem title="Somebody changed this version in the database">
          <p>{error.graphQLErrors[0]?.message}</p>
          <p className="mt-1">It is not shown, because it is not what was written.</p>
        </Problem>
        {verify !== undefined && <div>{verify}</div>}
      </div>
    );
  }
  return (
    <div className="p-3.5">
      <Problem
        title={error.networkError ? "Muster cannot be reached" : (error.graphQLErrors[0]?.message ?? error.message)}
      >
        {error.networkError && "We keep trying. Nothing you see here is lost."}
      </Problem>
    </div>
  );
}
