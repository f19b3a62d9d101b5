import { type Exchange, mapExchange } from "urql";

/**
 * An answer to a query with errors counts as none. Where a field failed, null stands in place of all that is around it, a
 * whole project for instance, and the cache would tell every screen that there is no such thing. Stands behind the cache.
 */
export function wholeAnswersExchange(): Exchange {
  return mapExchange({
    onResult: (result) => (result.error && result.operation.kind === "query" ? { ...result, data: undefined } : result),
  });
}
