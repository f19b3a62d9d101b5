"use client";
import { useQuery } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { AgentStepLine, Step } from "#features/contexts/agent-step.tsx";
import { AskedAgents } from "#features/contexts/asked-agents.tsx";
import { useContextView, ViewLink } from "#features/contexts/context-view.tsx";
import { HeldVersions } from "#features/contexts/held-versions.tsx";
import { RollbackEnd } from "#features/contexts/rollback-end.tsx";
import { ROLLBACK_STATES, RollbackStateBadge } from "#lifecycles/rollback-states.tsx";
import { confirmedText, rollbackSteps, stepsToShow } from "#features/contexts/rollback-steps.ts";

const PanelFragment = graphql(`
  fragment RollbackPanel on Context {
    id
    currentVersion
    rollbackState
    rollbackChoices
    rollbackPointer
    rollbackVersion
    rollbackSince
    rollbackDeadline
    confirmations {
      state
      error
      answeredAt
      agent {
        id
        name
        state
        activeTasks
        pendingAction
      }
    }
    ...HeldVersions
  }
`);

const MadeQuery = graphql(`
  query RollbackMade($id: ID!, $number: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        version(number: $number) {
          id
          message
          createdAt
          author {
            name
          }
        }
      }
    }
  }
`);

interface RollbackPanelProps {
  readonly context: FragmentType<typeof PanelFragment>;
  /** Agents that left rollbacks before they answered: which, and the version that they were asked to load. */
  readonly dropped: readonly { readonly agent: string; readonly version: number }[];
  readonly onRollBack: (toVersion: number) => void;
}

/** The last rollback: why, who has loaded it, and what to do next. Nothing when there was none. */
export function RollbackPanel({ context: masked, dropped, onRollBack }: RollbackPanelProps) {
  const { context } = useContextView();
  const panel = readFragment(PanelFragment, masked);
  const { rollbackState: state, rollbackPointer: pointer, rollbackVersion: version, rollbackSince: since } = panel;
  const [{ data }] = useQuery({
    query: MadeQuery,
    variables: { id: context, number: version ?? 0 },
    requestPolicy: "cache-first",
    pause: version === null,
  });
  if (state === null || pointer === null || version === null || since === null) return null;
  const made = data?.node?.__typename === "Context" ? data.node.version : null;
  const left = dropped.filter((each) => each.version === version).map(({ agent }) => agent);
  const steps = rollbackSteps({ state, since, answers: panel.confirmations, left });
  const shown = stepsToShow(steps);
  const waiting = shown.flatMap(({ kind, agentId }) => (kind === "waiting" && agentId !== null ? [agentId] : []));
  const unconfirmed = steps.filter(({ kind }) => kind !== "confirmed" && kind !== "left");
  return (
    <Card role="region" aria-labelledby="rollback" className="px-4 py-3.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 id="rollback" className="font-semibold tabular-nums">
          {state === "PENDING" ? "Rolling back to " : "Rolled back to "}
          {pointer}
        </h2>
        <span role="status">
          <RollbackStateBadge state={state} />
        </span>
      </div>
      {made?.message != null && <p className="mt-0.5 text-muted wrap-anywhere">“{made.message}”</p>}
      <ol aria-label="Steps" className="mt-2 grid">
        <Step
          look={ROLLBACK_STATES.SUCCEEDED}
          title={
            <ViewLink to={{ version }} className="hover:text-accent hover:underline">
              Version {version} written
            </ViewLink>
          }
        >
          {made && `by ${made.author.name}, `}
          <Ago at={made?.createdAt ?? since} />
          <HeldVersions context={panel} />
        </Step>
        {shown.map((step) => (
          <AgentStepLine
            key={step.agentId ?? step.name}
            step={step}
            version={version}
            since={since}
            deadline={panel.rollbackDeadline}
          />
        ))}
        {steps.length > shown.length && (
          <li className="py-1.5 pl-7 text-muted">and {numberText(steps.length - shown.length)} more agents</li>
        )}
      </ol>
      {/* While it waits, what the agents do is of interest: each change of their states is followed. */}
      {state === "PENDING" && waiting.length > 0 && <AskedAgents key={`${version} ${since}`} agents={waiting} />}
      <RollbackEnd
        state={state}
        choices={panel.rollbackChoices}
        version={version}
        summary={confirmedText(steps)}
        only={unconfirmed.length === 1 ? (unconfirmed[0]?.name ?? null) : null}
        pointer={pointer}
        before={panel.currentVersion === version ? version - 1 : null}
        onRollBack={onRollBack}
      />
    </Card>
  );
}
