"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { useReading } from "#live/use-reading.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute, type WebhooksView } from "#routes.ts";

const WebhooksQuery = graphql(`
  query Webhooks($path: String!, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      webhooks(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        edges {
          node {
            id
            ...WebhookRow
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

const WebhooksFeed = graphql(`
  subscription WebhooksFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: {
        types: [
          "webhook.created"
          "webhook.updated"
          "webhook.paused"
          "webhook.resumed"
          "webhook.replayed"
          "webhook.resynced"
          "webhook.deleted"
        ]
      }
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

/** One page of the project's webhooks, kept up to date: what people do at once, how deliveries go every few seconds. */
export function useWebhooks(project: ProjectRoute, { after, before }: WebhooksView) {
  const variables = {
    path: projectPath(project),
    ...pageArguments({ after, before }),
  };
  const live = useLiveQuery({
    query: WebhooksQuery,
    variables,
    feed: ({ project: found }) => found && { document: WebhooksFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  useReading(WebhooksQuery, variables, Boolean(live.data?.project?.webhooks.edges.length));
  return live;
}
