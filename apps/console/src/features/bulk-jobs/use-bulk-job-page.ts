"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import type { BulkJobOutcome } from "#api/generated/graphql.ts";
import { BulkJobFeed } from "#bulk/use-bulk-job.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const BulkJobQuery = graphql(`
  query BulkJob($id: ID!, $outcomes: [BulkJobOutcome!], $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $id) {
      __typename
      ... on BulkJob {
        id
        project {
          id
          path
          cursor
        }
        ...BulkJobHeader
        ...BulkJobChosen
        ...BulkJobProgress
        targets(filter: { outcomes: $outcomes }, first: $first, after: $after, last: $last, before: $before) {
          totalCount
          edges {
            node {
              ...BulkJobTarget
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
  }
`);

export interface TargetsView {
  /** Null: all of them. */
  readonly outcome: BulkJobOutcome | null;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** A bulk job and one page of its targets, as it goes on. */
export function useBulkJobPage(id: string, { outcome, after, before }: TargetsView) {
  return useLiveQuery({
    query: BulkJobQuery,
    variables: {
      id,
      outcomes: outcome && [outcome],
      ...pageArguments({ after, before }),
    },
    feed: ({ node }) =>
      node?.__typename === "BulkJob"
        ? { document: BulkJobFeed, variables: { project: node.project.id, job: id } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
}
