import type { ContextVersionFilter } from "#api/generated/graphql.ts";
import { AUTHORS } from "#features/contexts/version-view.ts";
import type { ContextView } from "#routes.ts";

/** What the API is asked for. */
export interface VersionsQuery {
  readonly filter: ContextVersionFilter;
  readonly heldOnly: boolean;
}

/** Which versions the address asks for; null for all of them. */
export function versionsFilter({ message, author, only }: ContextView): VersionsQuery | null {
  if (message === undefined && author === undefined && only === undefined) return null;
  const kinds = author !== undefined && Object.hasOwn(AUTHORS, author) ? AUTHORS[author as keyof typeof AUTHORS] : null;
  return {
    filter: {
      ...(message !== undefined && { search: message }),
      ...(kinds !== null ? { authorKinds: [kinds] } : author !== undefined && { authors: [author] }),
      ...(only === "pinned" && { pinnedOnly: true }),
      ...(only === "rollbacks" && { rollbacksOnly: true }),
    },
    heldOnly: only === "held",
  };
}
