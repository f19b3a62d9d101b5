"use client";
import { useState } from "react";
import { useClient } from "urql";
import type { AgentState } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ChangeBeforeQuery = graphql(`
  query FleetChangeBefore($path: String!, $states: [String!], $before: DateTime!) {
    project(path: $path) {
      id
      events(last: 1, filter: { types: ["agent.transitioned"], states: $states, before: $before }) {
        edges {
          node {
            __typename
            id
            at
          }
        }
      }
    }
  }
`);

const ChangeAfterQuery = graphql(`
  query FleetChangeAfter($path: String!, $states: [String!], $after: DateTime!) {
    project(path: $path) {
      id
      events(first: 1, filter: { types: ["agent.transitioned"], states: $states, after: $after }) {
        edges {
          node {
            __typename
            id
            at
          }
        }
      }
    }
  }
`);

export type StepDirection = "previous" | "next";

/**
 * Goes to the moment right after the previous or the next transition of any agent; with states, into one of these. A step
 * that finds nothing says so by null.
 */
export function useChangeStep(project: ProjectRoute, states: readonly AgentState[]) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const step = async (from: number, direction: StepDirection): Promise<number | null> => {
    setBusy(true);
    const common = { path: projectPath(project), states: states.length > 0 ? [...states] : null };
    // A moment shows what happened up to it. Times are told in milliseconds, so the one after a transition has it for sure.
    const { data } =
      direction === "previous"
        ? await client
            .query(ChangeBeforeQuery, { ...common, before: iso(from - 1) }, { requestPolicy: "network-only" })
            .toPromise()
        : await client
            .query(ChangeAfterQuery, { ...common, after: iso(from) }, { requestPolicy: "network-only" })
            .toPromise();
    setBusy(false);
    const at = data?.project?.events.edges[0]?.node.at;
    return at === undefined ? null : Date.parse(at) + 1;
  };
  return { step, busy };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
