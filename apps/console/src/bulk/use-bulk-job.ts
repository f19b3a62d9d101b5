"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const BulkJobQuery = graphql(`
  query BulkJobProgress($id: ID!) {
    node(id: $id) {
      __typename
      ... on BulkJob {
        id
        project {
          id
          cursor
        }
        ...BulkJobProgress
      }
    }
  }
`);

export const BulkJobFeed = graphql(`
  subscription BulkJobFeed($project: ID!, $job: ID!, $after: String) {
    events(project: $project, after: $after, filter: { subjects: [$job] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
        }
      }
    }
  }
`);

/** How far a job is, as its events tell. */
export function useBulkJob(id: string) {
  const { data, error } = useLiveQuery({
    query: BulkJobQuery,
    variables: { id },
    feed: ({ node }) =>
      node?.__typename === "BulkJob"
        ? { document: BulkJobFeed, variables: { project: node.project.id, job: id } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
  return { job: data?.node?.__typename === "BulkJob" ? data.node : undefined, error };
}
