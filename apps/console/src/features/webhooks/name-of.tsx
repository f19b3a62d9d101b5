"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";

const NameQuery = graphql(`
  query NameOf($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
      }
      ... on Context {
        name
      }
    }
  }
`);

/** The name of an agent or a context; its id while that is not known. */
export function NameOf({ id }: { readonly id: string }) {
  const [{ data }] = useQuery({ query: NameQuery, variables: { id }, requestPolicy: "cache-first" });
  const node = data?.node;
  return node?.__typename === "Agent" || node?.__typename === "Context" ? node.name : id;
}
