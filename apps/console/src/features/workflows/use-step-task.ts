"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";

const StepTaskQuery = graphql(`
  query StepTask($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Task {
        project {
          id
          cursor
        }
        state
        ...StepTask
      }
    }
  }
`);

const StepTaskFeed = graphql(`
  subscription StepTaskFeed($project: ID!, $tasks: [ID!]!, $after: String) {
    taskUpdates(project: $project, tasks: $tasks, after: $after) {
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

const AnyTaskFeed = graphql(`
  subscription StepSurroundingsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["task.transitioned", "agent.transitioned", "queue.paused", "queue.resumed", "queue.updated"] }
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

/** The task of a step: what happens to it at once, and why it waits whenever something around it has changed. */
export function useStepTask(id: string) {
  const variables = { id };
  const live = useLiveQuery({
    query: StepTaskQuery,
    variables,
    feed: ({ node }) =>
      node?.__typename === "Task"
        ? { document: StepTaskFeed, variables: { project: node.project.id, tasks: [node.id] } }
        : null,
    rereadOn: () => true,
  });
  const task = live.data?.node?.__typename === "Task" && live.data.node.id === id ? live.data.node : null;
  const waits = task?.state === "QUEUED" || task?.state === "WAITING";
  useRereadAfter({
    query: StepTaskQuery,
    variables,
    cursor: live.cursor,
    feed: task && waits ? { document: AnyTaskFeed, variables: { project: task.project.id } } : null,
  });
  return { task, error: live.error };
}
