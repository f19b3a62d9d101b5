/** Which page of a list the address names. */
export interface PageView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** The page that an address names. */
export function pageViewOf(search: URLSearchParams): PageView {
  return { after: search.get("after") ?? undefined, before: search.get("before") ?? undefined };
}

/** The same as the API's arguments. */
export function pageArguments({ after, before }: PageView, size: number) {
  return before === undefined ? { first: size, after: after ?? null } : { last: size, before };
}

interface Ends {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The pages beside a page. */
export function pagesBeside(info: Ends): { readonly previous: PageView | null; readonly next: PageView | null } {
  return {
    previous: info.hasPreviousPage ? { before: info.startCursor ?? undefined } : null,
    next: info.hasNextPage ? { after: info.endCursor ?? undefined } : null,
  };
}
