import type { CountedPage } from "@muster/operations/page-query.ts";

/** A page of an operation as a Relay connection. Counting happens at most once, and only when it is asked for. */
export function connectionOf<Row, Node = Row>(page: CountedPage<Row>, nodeOf?: (row: Row) => Node) {
  let counted: ReturnType<CountedPage<Row>["count"]> | undefined;
  return {
    edges: page.edges.map((edge) => ({
      cursor: edge.cursor,
      node: nodeOf ? nodeOf(edge.node) : (edge.node as unknown as Node),
    })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
    count: () => (counted ??= page.count()),
  };
}
