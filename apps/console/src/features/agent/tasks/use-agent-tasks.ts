"use client";
import { graphql } from "#api/generated/gql.ts";
import { type PageView, pageArguments } from "#api/page-view.ts";
import { TASK_PRESETS, type TaskPreset } from "#features/agent/tasks/task-presets.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const TasksQuery = graphql(`
  query AgentTasks($id: ID!, $states: [TaskState!], $first: Int, $last: Int, $after: String, $before: String) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        state
        project {
          id
          cursor
        }
        idleReason {
          reason
          message
        }
        tasks(first: $first, last: $last, after: $after, before: $before, filter: { states: $states }) {
          edges {
            node {
              id
              ...AgentTaskRow
            }
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
          totalCount
          totalIsCapped
        }
      }
    }
  }
`);

const TasksFeed = graphql(`
  subscription AgentTasksFeed($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            task {
              id
              ...AgentTaskRow
            }
          }
        }
      }
    }
  }
`);

/** As many as are quickly looked through. */
/** One page of an agent's tasks, kept up to date, and why it is given no more. */
export function useAgentTasks(id: string, preset: TaskPreset, page: PageView) {
  const { states } = TASK_PRESETS[preset];
  return useLiveQuery({
    query: TasksQuery,
    variables: { id, states: states && [...states], ...pageArguments(page) },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: TasksFeed, variables: { project: node.project.id, agent: node.id } }
        : null,
    // Which rows there are, and what it waits for.
    rereadOn: () => true,
    keepsEvents: false,
  });
}
