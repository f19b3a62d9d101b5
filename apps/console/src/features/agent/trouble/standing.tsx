"use client";
import Link from "next/link";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import { Ago } from "#components/time.tsx";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { STANDING } from "#features/agent/trouble/trouble-words.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Asked for only when it is not at work: who wanted it so, and why. */
const ArrivalQuery = graphql(`
  query AgentArrival($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        timeline(last: 1, filter: { types: ["agent.transitioned"] }) {
          edges {
            node {
              id
              at
              reason
              actor {
                name
              }
            }
          }
        }
      }
    }
  }
`);

interface StandingProps {
  readonly project: ProjectRoute;
  readonly agent: { readonly id: string; readonly state: AgentState };
}

/** It does not work, and that is as somebody wanted it: says who and why, and how it comes back. */
export function Standing({ project, agent: { id, state } }: StandingProps) {
  const [{ data }] = useQuery({ query: ArrivalQuery, variables: { id }, requestPolicy: "network-only" });
  const words = STANDING[state];
  const event = data?.node?.__typename === "Agent" ? data.node.timeline.edges[0]?.node : undefined;
  if (!words) return null;
  return (
    <section aria-label="Standing" className="rounded-lg border border-line bg-surface px-4 py-2.5">
      <p>
        <span className="font-[550]">{words.title}</span> <span className="text-muted">{words.next}</span>
      </p>
      {event && (
        <p className="text-muted">
          By {event.actor.name}, <Ago at={event.at} />
          {event.reason !== null && event.reason !== "" && <>: “{event.reason}”</>}.{" "}
          <Link href={routes.agent(project, id, { event: event.id })} className={`whitespace-nowrap ${TEXT_LINK}`}>
            What happened before
          </Link>
        </p>
      )}
    </section>
  );
}
