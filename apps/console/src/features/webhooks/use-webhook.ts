"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { useReading } from "#live/use-reading.ts";
import { LOG_FILTERS, type LogView } from "#features/webhooks/webhooks-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const WebhookQuery = graphql(`
  query Webhook($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $states: [WebhookDeliveryState!]) {
    node(id: $id) {
      __typename
      id
      ... on Webhook {
        name
        project {
          id
          path
          cursor
        }
        ...LiveWebhook
        deliveries(first: $first, after: $after, last: $last, before: $before, filter: { states: $states }) {
          edges {
            node {
              id
              ...DeliveryRow
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

/** What the page shows of the webhook itself. */
export const LiveWebhookFragment = graphql(`
  fragment LiveWebhook on Webhook {
    id
    state
    retryAt
    ...WebhookHeader
    ...WebhookActions
    ...WebhookTrouble
    ...WebhookFacts
  }
`);

const WebhookFeed = graphql(`
  subscription WebhookFeed($project: ID!, $webhook: ID!, $after: String) {
    events(project: $project, after: $after, filter: { subjects: [$webhook] }) {
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

const PAGE = 25;

/** One webhook and a page of its deliveries, kept up to date; `read` reads them now. */
export function useWebhook(id: string, { filter, after, before }: LogView) {
  const states = LOG_FILTERS[filter].states;
  const variables = {
    id,
    ...pageArguments({ after, before }, PAGE),
    states: states ? [...states] : null,
  };
  const live = useLiveQuery({
    query: WebhookQuery,
    variables,
    feed: ({ node }) =>
      node?.__typename === "Webhook"
        ? { document: WebhookFeed, variables: { project: node.project.id, webhook: node.id } }
        : null,
    rereadOn: () => true,
  });
  const read = useReading(WebhookQuery, variables, live.data?.node?.__typename === "Webhook");
  return { ...live, read };
}
