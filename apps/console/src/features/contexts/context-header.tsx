"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { RollbackStateBadge } from "#lifecycles/rollback-states.tsx";
import { VerificationBadge } from "#features/contexts/verification-badge.tsx";

const HeaderFragment = graphql(`
  fragment ContextHeader on Context {
    id
    name
    currentVersion
    rollbackState
    rollbackPointer
  }
`);

const HEADER_ID = "context-header";

/** Moves the focus to the context's name: for when what had it is gone. Answers false: nobody else has to. */
export function focusContextHeader(): false {
  document.getElementById(HEADER_ID)?.focus({ preventScroll: true });
  return false;
}

interface ContextHeaderProps {
  readonly context: FragmentType<typeof HeaderFragment>;
  /** What can be done here. */
  readonly children?: ReactNode;
}

/** What it is, and where it stands. */
export function ContextHeader({ context, children }: ContextHeaderProps) {
  const { id, name, currentVersion, rollbackState, rollbackPointer } = readFragment(HeaderFragment, context);
  return (
    <div id={HEADER_ID} tabIndex={-1} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 outline-none">
      <h1 className="text-xl font-semibold tracking-tight break-all">{name}</h1>
      <span className="text-muted tabular-nums">
        {currentVersion === 0 ? "no version yet" : `version ${currentVersion}`}
      </span>
      {rollbackState !== null && (
        <span className="inline-flex items-baseline gap-2 text-muted">
          <span className="tabular-nums">rolled back to {rollbackPointer}</span>
          <RollbackStateBadge state={rollbackState} />
        </span>
      )}
      {currentVersion > 0 && <VerificationBadge current={currentVersion} />}
      <CopyableId id={id} short />
      <span className="grow" />
      {children}
    </div>
  );
}

/** A link among facts. */
export function FactLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
    >
      {children}
    </Link>
  );
}
