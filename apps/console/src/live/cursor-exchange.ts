import { type Exchange, mapExchange, type OperationResult } from "urql";

/**
 * Keeps the cursor that each answer was read at beside it, before the cache puts it together with other screens' answers: one
 * of those may hold a newer cursor, and the events between the two would be missed. Stands between cache and network.
 */
export function cursorExchange(): Exchange {
  return mapExchange({
    onResult: (result) => {
      const cursor = cursorIn(result.data, 3);
      return { ...result, extensions: { ...result.extensions, fetched: true, ...(cursor !== null && { cursor }) } };
    },
  });
}

/** Whether the API answered it just now, and not the cache. */
export function isFetched({ extensions }: Pick<OperationResult, "extensions">): boolean {
  return extensions?.["fetched"] === true;
}

/** The cursor that an answer was read at. Throws a `TypeError` when its query does not select one. */
export function cursorOf({ extensions }: Pick<OperationResult, "extensions">): string {
  const cursor: unknown = extensions?.["cursor"];
  if (typeof cursor !== "string")
    throw new TypeError("A query to follow has to select the cursor of its project, its workspace or the viewer.");
  return cursor;
}

/** What has a cursor of the feed: the same, of whichever it is asked. */
const PLACES: readonly unknown[] = ["Project", "Workspace", "Viewer"];

/** Looks where a query names its place: at the top or below a node, never within lists. */
function cursorIn(value: unknown, depth: number): string | null {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { __typename, cursor } = value as { readonly __typename?: unknown; readonly cursor?: unknown };
  if (PLACES.includes(__typename) && typeof cursor === "string") return cursor;
  for (const part of Object.values(value)) {
    const found = cursorIn(part, depth - 1);
    if (found !== null) return found;
  }
  return null;
}
