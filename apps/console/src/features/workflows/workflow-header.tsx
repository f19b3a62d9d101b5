"use client";
import { type ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago, durationText, Elapsed } from "#components/time.tsx";
import type { LiveStep } from "#features/workflows/live-steps.ts";
import { POLICY_WORDS } from "#features/workflows/policy-words.ts";
import { StateBar } from "#features/workflows/state-bar.tsx";
import { countStates, endedOf } from "#features/workflows/state-shares.ts";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { WORKFLOW_STATES } from "#lifecycles/workflow-states.tsx";

const HeaderFragment = graphql(`
  fragment WorkflowHeader on Workflow {
    id
    name
    state
    stateSince
    createdAt
    finishedAt
    onFailure
    idempotencyKey
    creator {
      kind
      name
    }
  }
`);

interface WorkflowHeaderProps {
  readonly workflow: FragmentType<typeof HeaderFragment>;
  readonly steps: readonly LiveStep[];
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** What it is, how it stands, how far it is, who made it, and what becomes of the rest when a step fails. */
export function WorkflowHeader({ workflow: masked, steps, children }: WorkflowHeaderProps) {
  const workflow = readFragment(HeaderFragment, masked);
  const { id, name, state, createdAt, finishedAt, onFailure, idempotencyKey, creator } = workflow;
  const counts = countStates(steps.map((step) => step.state));
  const policy = POLICY_WORDS[onFailure];
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="grid min-w-0 flex-1 basis-80 gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{name}</h1>
          <StateBadge look={WORKFLOW_STATES[state]} />
          <span className="text-muted">
            {finishedAt === null ? (
              <>
                for <Elapsed since={createdAt} />
              </>
            ) : (
              `after ${durationText(Date.parse(finishedAt) - Date.parse(createdAt))}`
            )}
          </span>
        </div>
        <p className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 text-muted">
          <CopyableId id={id} short />
          <span>
            created by {creator.name} <Ago at={createdAt} />
          </span>
          <span title={policy.sentence}>{policy.short}</span>
          {idempotencyKey !== null && (
            <span>
              key <code className="font-mono text-xs">{idempotencyKey}</code>
            </span>
          )}
        </p>
        <div className="mt-1 flex max-w-xl items-center gap-3">
          <StateBar counts={counts} className="grow" />
          <span className="whitespace-nowrap text-muted tabular-nums">
            {numberText(endedOf(counts))} of {numberText(steps.length)} steps
          </span>
        </div>
      </div>
      {children}
    </header>
  );
}
