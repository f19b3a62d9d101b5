"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useWatched } from "#live/use-watched.ts";
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

/** How deliveries go, which are no events. */
const WebhooksWatched = graphql(`
  subscription WebhooksWatched($project: ID!, $webhooks: [ID!]) {
    webhookUpdates(project: $project, webhooks: $webhooks) {
      id
      ...WebhookRow
    }
  }
`);

/** One page of the project's webhooks, kept up to date. */
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
  const found = live.data?.project;
  const ids = found?.webhooks.edges.map(({ node }) => node.id) ?? [];
  useWatched(WebhooksWatched, { project: found?.id ?? "", webhooks: ids }, { pause: ids.length === 0 });
  return live;
}
