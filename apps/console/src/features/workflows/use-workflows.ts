"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import type { WorkflowsFilter } from "#features/workflows/workflows-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const WorkflowsQuery = graphql(`
  query Workflows($path: String!, $filter: WorkflowFilter, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      workflows(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            state
            ...WorkflowRow
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

const WorkflowsFeed = graphql(`
  subscription WorkflowsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["workflow.created", "workflow.cancel_requested", "workflow.transitioned"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/** That some task has moved. */
const WorkFeed = graphql(`
  subscription WorkflowsWorkFeed($project: ID!, $after: String) {
    taskUpdates(project: $project, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/**
 * A page of the project's workflows. That one begins or ends is there at once; how far those are that run is read again every
 * few seconds, when tasks have moved, because a busy project moves more of them than a page can follow.
 */
export function useWorkflows(project: ProjectRoute, { states, search, after, before }: WorkflowsFilter) {
  const variables = {
    path: projectPath(project),
    filter: { ...(states.length > 0 && { states: [...states] }), ...(search && { search }) },
    ...pageArguments({ after, before }),
  };
  const live = useLiveQuery({
    query: WorkflowsQuery,
    variables,
    feed: ({ project: found }) => found && { document: WorkflowsFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const found = live.data?.project;
  const runs = found?.workflows.edges.some(({ node }) => node.state === "RUNNING") ?? false;
  useRereadAfter({
    query: WorkflowsQuery,
    variables,
    cursor: live.cursor,
    feed: found && runs ? { document: WorkFeed, variables: { project: found.id } } : null,
  });
  return live;
}
