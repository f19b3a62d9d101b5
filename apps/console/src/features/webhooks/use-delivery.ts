"use client";
import { useCallback } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useWatched } from "#live/use-watched.ts";

const DeliveryQuery = graphql(`
  query Delivery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on WebhookDelivery {
        state
        webhook {
          id
          project {
            id
          }
        }
        ...DeliveryDetails
      }
    }
  }
`);

const DeliveriesMoved = graphql(`
  subscription DeliveriesMoved($project: ID!, $webhook: ID!) {
    webhookUpdates(project: $project, webhooks: [$webhook]) {
      id
    }
  }
`);

/** One delivery, read again whenever one of its webhook's has moved, until it has ended. */
export function useDelivery(id: string) {
  const [{ data, error }, ask] = useQuery({ query: DeliveryQuery, variables: { id } });
  const found = data?.node?.__typename === "WebhookDelivery" ? data.node : null;
  const read = useCallback(() => ask({ requestPolicy: "network-only" }), [ask]);
  const webhook = found?.webhook;
  useWatched(
    DeliveriesMoved,
    { project: webhook?.project.id ?? "", webhook: webhook?.id ?? "" },
    { pause: found?.state !== "PENDING", onTold: read },
  );
  return { data, error, found, read };
}
