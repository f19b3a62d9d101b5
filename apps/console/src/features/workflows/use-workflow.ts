"use client";
import { useMemo } from "react";
import { graphql } from "#api/generated/gql.ts";
import { hasEnded, type LiveStep, type StepEvent, withEvents } from "#features/workflows/live-steps.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const WorkflowQuery = graphql(`
  query Workflow($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Workflow {
        name
        state
        project {
          id
          path
          cursor
          broken: tasks(
            first: 3
            filter: { workflow: $id, states: [FAILED, EXPIRED] }
            orderBy: { field: FINISHED_AT, direction: ASC }
          ) {
            totalCount
            edges {
              node {
                id
                workflowStep
                state
                error {
                  kind
                  message
                }
              }
            }
          }
        }
        graph {
          nodes {
            step
            taskId
            kind
            state
            stateSince
            startedAt
            finishedAt
          }
          edges {
            from
            to
            condition
          }
        }
        ...WorkflowHeader
        ...WorkflowTrouble
      }
    }
  }
`);

/** What happens to the workflow itself and to its steps. */
const WorkflowFeed = graphql(`
  subscription WorkflowFeed($project: ID!, $subjects: [ID!]!, $after: String) {
    events(project: $project, after: $after, filter: { subjects: $subjects }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          at
          subjectId
          ... on TaskTransitioned {
            stepTo: to
          }
        }
      }
    }
  }
`);

/** A feed takes no more subjects. */
const MOST_SUBJECTS = 1_000;

/** One workflow with all of its steps, as they are now. The steps follow their events; all else is read again when it may have changed. */
export function useWorkflow(id: string) {
  const { data, events, error } = useLiveQuery({
    query: WorkflowQuery,
    variables: { id },
    feed: ({ node }) => {
      if (node?.__typename !== "Workflow") return null;
      // Nothing happens any more to those that have ended.
      const open = node.graph.nodes.filter(({ state }) => !hasEnded(state)).map(({ taskId }) => taskId);
      const subjects = [node.id, ...open].slice(0, MOST_SUBJECTS);
      return { document: WorkflowFeed, variables: { project: node.project.id, subjects } };
    },
    // The workflow's own events, and what its trouble is told from.
    rereadOn: (event) =>
      event.__typename !== "TaskTransitioned" || event.stepTo === "FAILED" || event.stepTo === "EXPIRED",
  });
  const found = data?.node?.__typename === "Workflow" && data.node.id === id ? data.node : null;
  const nodes = found?.graph.nodes;
  const steps = useMemo((): readonly LiveStep[] => {
    const news = events.flatMap((event): StepEvent[] =>
      event.__typename === "TaskTransitioned" ? [{ taskId: event.subjectId, to: event.stepTo, at: event.at }] : [],
    );
    return withEvents(nodes ?? [], news);
  }, [nodes, events]);
  return { data, found, steps, error };
}
