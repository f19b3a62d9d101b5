"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { LOG_FILTERS, type LogView } from "#features/webhooks/webhooks-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useWatched } from "#live/use-watched.ts";

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
          ...DeliveryPage
        }
      }
    }
  }
`);

export const DeliveryPageFragment = graphql(`
  fragment DeliveryPage on WebhookDeliveryConnection {
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
`);

/** How deliveries go, which are no events. */
const WebhookWatched = graphql(`
  subscription WebhookWatched(
    $project: ID!
    $id: ID!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $states: [WebhookDeliveryState!]
  ) {
    webhookUpdates(project: $project, webhooks: [$id]) {
      id
      ...LiveWebhook
      deliveries(first: $first, after: $after, last: $last, before: $before, filter: { states: $states }) {
        ...DeliveryPage
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
  const node = live.data?.node;
  const project = node?.__typename === "Webhook" ? node.project.id : null;
  useWatched(WebhookWatched, { project: project ?? "", ...variables }, { pause: project === null });
  return { ...live, read: live.reread };
}
