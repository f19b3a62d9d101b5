import type { CountedPage } from "@muster/operations/page-query.ts";

/** A page of an operation as a Relay connection. Counting happens at most once, and only when it is asked for. */
export function connectionOf<Row>(page: CountedPage<Row>) {
  return {
    edges: [...page.edges],
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
    count: page.count,
  };
}
