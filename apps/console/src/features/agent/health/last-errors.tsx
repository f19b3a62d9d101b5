"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { EventLine } from "#events/event-line.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const ErrorsFragment = graphql(`
  fragment LastErrors on Agent {
    id
    errorCount
    lastError
    errors: timeline(last: 10, filter: { types: ["agent.transitioned"], states: ["ERROR", "UNRESPONSIVE"] }) {
      edges {
        node {
          id
          ...EventLine
        }
      }
    }
    failedTasks: timeline(last: 5, filter: { types: ["task.transitioned"], states: ["FAILED"] }) {
      edges {
        node {
          id
          ...EventLine
        }
      }
    }
  }
`);

interface LastErrorsProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof ErrorsFragment>;
}

/** What went wrong last: its own failures, and tasks that failed for good while it had them. */
export function LastErrors({ project, agent: masked }: LastErrorsProps) {
  const { id, errorCount, lastError, errors, failedTasks } = readFragment(ErrorsFragment, masked);
  const lines = (edges: typeof errors.edges) =>
    edges.toReversed().map(({ node }) => (
      <li key={node.id} className="border-t border-line">
        <EventLine event={node} href={routes.agent(project, id, { event: node.id })} />
      </li>
    ));
  return (
    <Card role="region" aria-label="Errors" className="overflow-hidden">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-3">
        <h2 className="font-[550]">Errors</h2>
        <p className="text-muted">
          {errorCount === 0
            ? "It never went to Error."
            : `It went to Error ${errorCount === 1 ? "once" : `${errorCount.toLocaleString("en")} times`}.`}
        </p>
      </div>
      {lastError !== null && (
        <p className="border-t border-line px-4 py-2 wrap-anywhere whitespace-pre-line">
          <span className="text-faint">Last said: </span>
          {lastError}
        </p>
      )}
      {errors.edges.length > 0 && <ul aria-label="Failures">{lines(errors.edges)}</ul>}
      {failedTasks.edges.length > 0 && (
        <>
          <h3 className="border-t border-line px-4 py-2 font-[550]">Tasks that failed for good</h3>
          <ul aria-label="Failed tasks">{lines(failedTasks.edges)}</ul>
        </>
      )}
    </Card>
  );
}
