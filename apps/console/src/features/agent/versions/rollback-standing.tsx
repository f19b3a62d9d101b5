"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { numberIn, textIn } from "#events/event-payload.ts";
import { type Step, standingSteps } from "#features/agent/versions/standing-steps.ts";
import { ROLLBACK_STATES } from "#lifecycles/rollback-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const StandingFragment = graphql(`
  fragment RollbackStanding on Agent {
    id
    bundle
    state
    activeTasks
    pendingAction
    pendingSince
    rolledBack: timeline(last: 1, filter: { types: ["agent.rolled_back"] }) {
      edges {
        node {
          id
          at
          reason
          payload
          actor {
            name
          }
        }
      }
    }
    connected: timeline(last: 1, filter: { types: ["agent.connected"] }) {
      edges {
        node {
          id
          at
        }
      }
    }
    newest: bundles(first: 50) {
      edges {
        node {
          number
          rolledBackTo
          createdAt
          version {
            id
            number
            context {
              id
            }
          }
        }
      }
    }
    contexts(first: 50) {
      edges {
        node {
          id
          name
          rollbackState
          rollbackVersion
          rollbackPointer
          rollbackSince
          confirmations {
            error
          }
        }
      }
    }
  }
`);

interface RollbackStandingProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof StandingFragment>;
}

/** How the agent's last rollback stands, as long as it is what the agent is, or waits for something. */
export function RollbackStanding({ project, agent: masked }: RollbackStandingProps) {
  const agent = readFragment(StandingFragment, masked);
  const event = agent.rolledBack.edges[0]?.node;
  const toBundle = numberIn(event?.payload, "toBundle");
  const bundle = numberIn(event?.payload, "bundle");
  if (!event || toBundle === undefined || bundle === undefined) return null;
  const made = agent.newest.edges
    .map(({ node }) => node)
    .filter(({ number, rolledBackTo }) => rolledBackTo === toBundle && number <= bundle);
  const steps = standingSteps({
    at: event.at,
    toBundle,
    tasks: textIn(event.payload, "tasks") ?? "",
    state: agent.state,
    activeTasks: agent.activeTasks,
    pendingAction: agent.pendingAction,
    pendingSince: agent.pendingSince,
    connectedAt: agent.connected.edges[0]?.node.at ?? null,
    versions: made.flatMap(({ version }) =>
      version === null ? [] : [{ context: version.context.id, number: version.number }],
    ),
    contexts: agent.contexts.edges.map(({ node }) => node),
  });
  const waits = steps.some(({ state }) => state === "PENDING");
  if (agent.bundle !== bundle && !waits) return null;
  return (
    <Card role="region" aria-label="Last rollback" className="px-4 py-3">
      <p>
        <span className="font-semibold">
          {waits ? "Rolling back" : "Rolled back"} to {toBundle}
        </span>{" "}
        <span className="text-muted">
          by {event.actor.name}, <Ago at={event.at} />
          {event.reason !== null && event.reason !== "" && <>: “{event.reason}”</>}
        </span>
      </p>
      <ul aria-label="Steps" className="mt-1.5 grid gap-x-6 gap-y-1 sm:grid-cols-2 xl:grid-cols-3">
        {steps.map((step) => (
          <StepLine key={step.key} project={project} step={step} />
        ))}
      </ul>
    </Card>
  );
}

function StepLine({ project, step }: { readonly project: ProjectRoute; readonly step: Step }) {
  const look = ROLLBACK_STATES[step.state];
  return (
    <li className="flex min-w-0 items-baseline gap-2">
      <span title={look.word} className="self-center">
        <StateIcon look={look} />
        <span className="sr-only">{look.word}:</span>
      </span>
      <span className="min-w-0">
        {step.context === null ? (
          <span className="font-[550]">{step.title}</span>
        ) : (
          <Link href={routes.context(project, step.context)} className="font-[550] hover:underline">
            {step.title}
          </Link>
        )}{" "}
        <span className={step.state === "FAILED" ? "text-danger" : "text-muted"}>{step.text}</span>
        {step.since !== null && (
          <span className="text-muted">
            ; <Elapsed since={step.since} /> so far
          </span>
        )}
      </span>
    </li>
  );
}
