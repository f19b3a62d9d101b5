"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const OverviewQuery = graphql(`
  query Overview($path: String!) {
    project(path: $path) {
      id
      cursor
      agentCounts {
        state
        count
      }
      failed: agents(first: 4, filter: { states: [ERROR] }, orderBy: { field: STATE_SINCE, direction: DESC }) {
        totalCount
        edges {
          node {
            id
            ...TroubledAgent
          }
        }
      }
      lost: agents(first: 3, filter: { states: [UNRESPONSIVE] }, orderBy: { field: STATE_SINCE, direction: DESC }) {
        totalCount
        edges {
          node {
            id
            ...TroubledAgent
          }
        }
      }
      contexts(first: 5, filter: { rollbackStates: [PENDING, FAILED] }) {
        totalCount
        edges {
          node {
            id
            ...UnsettledRollback
          }
        }
      }
      queues(first: 5, paused: true) {
        totalCount
        edges {
          node {
            id
            ...PausedQueue
          }
        }
      }
      webhooks(first: 100) {
        edges {
          node {
            id
            ...FailingWebhook
          }
        }
      }
    }
  }
`);

const OverviewFeed = graphql(`
  subscription OverviewFeed($project: ID!, $types: [String!]!, $after: String) {
    events(project: $project, after: $after, filter: { types: $types }) {
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

const TYPES = [
  "agent.registered",
  "agent.transitioned",
  "context.version_written",
  "context.rollback_agent_dropped",
  "context.rollback_retried",
  "context.rollback_settled",
  "queue.paused",
  "queue.resumed",
  "queue.updated",
  "webhook.created",
  "webhook.paused",
  "webhook.resumed",
  "webhook.deleted",
  "webhook.delivery_retried",
  "webhook.delivery_skipped",
];

/** They change which tasks have failed and were not run again. */
const BULK_JOBS: readonly string[] = ["bulk_job.progressed", "bulk_job.transitioned"];

/** The fleet by state, and what of agents, rollbacks, queues and webhooks needs somebody's attention, as it changes. `onBulkJob`: one has done something. */
export function useAttention(project: ProjectRoute, onBulkJob: () => void) {
  return useLiveQuery({
    query: OverviewQuery,
    variables: { path: projectPath(project) },
    feed: ({ project: found }) =>
      found && { document: OverviewFeed, variables: { project: found.id, types: [...TYPES, ...BULK_JOBS] } },
    rereadOn: ({ type }) => {
      if (!BULK_JOBS.includes(type)) return true;
      onBulkJob();
      return false;
    },
    keepsEvents: false,
  });
}
