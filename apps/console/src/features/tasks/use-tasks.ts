"use client";
import type { TaskFilter } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import type { TableOrder } from "#components/table/table-order.ts";
import { apiOrder } from "#features/tasks/tasks-address.ts";
import { useLiveList } from "#live/use-live-list.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/**
 * Counts stop at 10,000 each, so that they cost the same in a project of a million tasks; they are of the whole project,
 * because what narrows the list has no index to count by.
 */
const TasksQuery = graphql(`
  query Tasks(
    $path: String!
    $filter: TaskFilter!
    $orderBy: TaskOrder!
    $named: [ID!]!
    $first: Int!
    $after: String
    $head: Boolean!
  ) {
    viewer @include(if: $head) {
      permissions
    }
    nodes(ids: $named) @include(if: $head) {
      __typename
      id
      ... on Agent {
        name
      }
      ... on Schedule {
        name
      }
      ... on Workflow {
        name
      }
    }
    project(path: $path) {
      id
      cursor
      ... on Project @include(if: $head) {
        all: tasks(first: 1) {
          totalCount
          totalIsCapped
        }
        running: tasks(first: 1, filter: { states: [ASSIGNED, RUNNING, CANCELLING] }) {
          totalCount
          totalIsCapped
        }
        waiting: tasks(first: 1, filter: { states: [WAITING, QUEUED] }) {
          totalCount
          totalIsCapped
        }
        failed: tasks(first: 1, filter: { states: [FAILED] }) {
          totalCount
          totalIsCapped
        }
        done: tasks(first: 1, filter: { states: [SUCCEEDED, CANCELLED, EXPIRED] }) {
          totalCount
          totalIsCapped
        }
      }
      tasks(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...TaskRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const TasksFeed = graphql(`
  subscription TasksFeed($project: ID!, $after: String) {
    taskUpdates(project: $project, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            taskFrom: from
            taskTo: to
            task {
              id
              ...TaskRow
            }
          }
        }
      }
    }
  }
`);

interface TasksQuestion {
  readonly filter: TaskFilter;
  readonly order: TableOrder;
  /** Ids that the filter names, to be shown by their names. */
  readonly named: readonly string[];
}

/** The tasks that match, and how many there are of each preset: so any task that moves is heard of, also beside the list. */
export function useTasks(project: ProjectRoute, { filter, order, named }: TasksQuestion) {
  const states = filter.states;
  const within = (state: string | null) => state !== null && (states?.some((each) => each === state) ?? false);
  return useLiveList({
    query: TasksQuery,
    variables: { path: projectPath(project), filter, orderBy: apiOrder(order), named: [...named] },
    connection: ({ project: found }) => found?.tasks,
    feed: ({ project: found }) => found && { document: TasksFeed, variables: { project: found.id } },
    rereadOn: () => true,
    movesRows: (event) => {
      if (event.__typename !== "TaskTransitioned") return false;
      if (!states) return event.taskFrom === null;
      return within(event.taskFrom) !== within(event.taskTo);
    },
  });
}
