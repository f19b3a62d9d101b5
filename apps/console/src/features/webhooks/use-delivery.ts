"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useReading } from "#live/use-reading.ts";

const DeliveryQuery = graphql(`
  query Delivery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on WebhookDelivery {
        ...DeliveryDetails
      }
    }
  }
`);

/** One delivery, read again every few seconds while it is not known to have ended. */
export function useDelivery(id: string) {
  const [{ data, error }] = useQuery({ query: DeliveryQuery, variables: { id } });
  const found = data?.node?.__typename === "WebhookDelivery" ? data.node : null;
  const read = useReading(DeliveryQuery, { id }, found !== null);
  return { data, error, found, read };
}
