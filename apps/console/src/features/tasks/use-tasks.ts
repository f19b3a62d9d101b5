"use client";
import { graphql } from "#api/generated/gql.ts";
import type { TaskFilter } from "#api/generated/graphql.ts";
import type { TableOrder } from "#components/table/table-order.ts";
import { apiOrder } from "#features/tasks/tasks-address.ts";
import { statesHeard } from "#features/tasks/states-heard.ts";
import { useTaskRows } from "#features/tasks/use-task-rows.ts";
import { useLiveList } from "#live/use-live-list.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { useSight } from "#live/use-sight.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

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
      ...TaskPresetCounts @include(if: $head)
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

const TaskCountsQuery = graphql(`
  query TaskCounts($path: String!) {
    project(path: $path) {
      id
      cursor
      ...TaskPresetCounts
    }
  }
`);

/** That tasks have moved, and no more: the rows in sight are followed by themselves. */
const TasksFeed = graphql(`
  subscription TasksFeed($project: ID!, $states: [TaskState!], $after: String) {
    taskUpdates(project: $project, states: $states, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            taskFrom: from
            taskTo: to
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

/**
 * The tasks that match, and how many there are of each preset. A list that leaves tasks out hears of those that may come into it, and
 * of the rows in sight; the counts beside it are then read again every few seconds while something moves.
 */
export function useTasks(project: ProjectRoute, { filter, order, named }: TasksQuestion) {
  const { states, agent, errorKinds } = filter;
  const within = (state: string | null) => state !== null && (states?.some((each) => each === state) ?? false);
  const heard = statesHeard(filter);
  const path = projectPath(project);
  const read = useLiveList({
    query: TasksQuery,
    variables: { path, filter, orderBy: apiOrder(order), named: [...named] },
    connection: ({ project: found }) => found?.tasks,
    feed: ({ project: found }) => found && { document: TasksFeed, variables: { project: found.id, states: heard } },
    rereadOn: () => true,
    movesRows: (event) => {
      if (event.__typename !== "TaskTransitioned") return false;
      if (states) return within(event.taskFrom) !== within(event.taskTo);
      return event.taskFrom === null || agent !== undefined || errorKinds !== undefined;
    },
  });
  const found = read.data?.project;
  useRereadAfter({
    query: TaskCountsQuery,
    variables: { path },
    cursor: read.cursor,
    feed: heard && found ? { document: TasksFeed, variables: { project: found.id, states: null } } : null,
  });
  const { list, ids } = useSight(read.list);
  useTaskRows(project, ids, (from, to) => {
    if (states && within(from) && !within(to)) read.reread();
  });
  return { ...read, list };
}
