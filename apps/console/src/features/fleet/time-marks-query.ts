import { graphql } from "#api/generated/gql.ts";

/** Into so many parts the way through time is divided. */
export const PARTS = 24;

/** How many transitions there were in each part of the way, and when agents came into trouble. */
export const TimeMarksQuery = graphql(`
  query FleetTimeMarks($path: String!, $from: DateTime!, $to: DateTime!, $parts: Int!, $filter: AgentFilter!) {
    project(path: $path) {
      id
      transitionCounts(from: $from, to: $to, buckets: $parts, filter: $filter)
      trouble: events(
        last: 200
        filter: { types: ["agent.transitioned"], states: ["ERROR", "UNRESPONSIVE"], after: $from }
      ) {
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
