"use client";
import { useMemo, useState } from "react";
import type { AgentFilter, FleetSnapshotFilter, FleetThenQuery as Answer } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import type { PastRow } from "#features/fleet/past-row.ts";
import { useLiveList } from "#live/use-live-list.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const FleetThenQuery = graphql(`
  query FleetThen(
    $path: String!
    $at: DateTime!
    $filter: FleetSnapshotFilter!
    $counted: FleetSnapshotFilter!
    $first: Int!
    $after: String
    $head: Boolean!
  ) {
    project(path: $path) {
      id
      cursor
      createdAt
      workspace {
        id
        eventsRetainedSince
      }
      fleetAt(at: $at) {
        at
        complete @include(if: $head)
        counts(filter: $counted) @include(if: $head) {
          state
          count
        }
        agents(filter: $filter, first: $first, after: $after) {
          totalCount
          totalIsCapped
          edges {
            node {
              state
              since
              agent {
                id
                ...FleetAgentRow
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

/** What of a filter can be looked for in the past. */
export function snapshotFilterOf({ states, search, definitionSlug, labels }: AgentFilter): FleetSnapshotFilter {
  return {
    ...(search !== undefined && { search }),
    ...(definitionSlug !== undefined && { definitionSlug }),
    ...(labels !== undefined && { labels }),
    ...(states !== undefined && { states }),
  };
}

/**
 * The agents that match as they were at a moment. While somebody moves through time, one question is asked at a time, always
 * for the moment that is wanted then; until it is answered, the last answer stays.
 */
export function usePastFleet(project: ProjectRoute, wanted: string, filter: FleetSnapshotFilter) {
  const [asked, setAsked] = useState(wanted);
  const { states: _, ...counted } = filter;
  const read = useLiveList({
    query: FleetThenQuery,
    variables: { path: projectPath(project), at: asked, filter, counted },
    connection: rowsIn,
    // What was does not change.
    feed: () => null,
  });
  if (asked !== wanted && (read.settled || read.error !== undefined)) setAsked(wanted);
  const key = JSON.stringify(filter);
  // At another moment it is still the same list, and stays where it is scrolled to.
  const list = useMemo(() => ({ ...read.list, key }), [read.list, key]);
  return { ...read, list };
}

function rowsIn({ project }: Answer) {
  const then = project?.fleetAt;
  if (!then) return null;
  const edges = then.agents.edges.map(({ node }) => ({ node: { id: node.agent.id, at: then.at, ...node } as PastRow }));
  return { ...then.agents, edges };
}
