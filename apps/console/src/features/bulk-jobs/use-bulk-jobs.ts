"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { type BulkJobsView, projectPath, type ProjectRoute } from "#routes.ts";

const BulkJobsQuery = graphql(`
  query BulkJobs($path: String!, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      bulkJobs(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...BulkJobRow
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`);

const BulkJobsFeed = graphql(`
  subscription BulkJobsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["bulk_job.created", "bulk_job.progressed", "bulk_job.transitioned"] }
    ) {
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

/** One page of the project's bulk jobs, the newest first, as they go on. */
export function useBulkJobs(project: ProjectRoute, { after, before }: BulkJobsView) {
  return useLiveQuery({
    query: BulkJobsQuery,
    variables: {
      path: projectPath(project),
      ...pageArguments({ after, before }),
    },
    feed: ({ project: found }) => found && { document: BulkJobsFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
}
