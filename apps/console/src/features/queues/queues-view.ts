import type { QueuesView } from "#routes.ts";

/** Which queues a page lists, and the opened one, as its address says. */
export function queuesView(parameters: Pick<URLSearchParams, "get">): QueuesView {
  const read = (name: string) => parameters.get(name) ?? undefined;
  return { search: read("search"), after: read("after"), before: read("before"), queue: read("queue") };
}
