"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";

const PermissionsQuery = graphql(`
  query Permissions {
    viewer {
      permissions
    }
  }
`);

/** What the reader may do, as subject.verb; undefined until it is known. The frame around the page keeps it up to date. */
export function usePermissions(): readonly string[] | undefined {
  const [{ data }] = useQuery({ query: PermissionsQuery, requestPolicy: "cache-first" });
  return data?.viewer.permissions;
}
