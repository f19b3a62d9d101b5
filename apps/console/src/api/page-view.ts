/** Which page of a list an address names. */
export interface PageView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** The page that an address names. */
export function pageViewOf(address: Pick<URLSearchParams, "get">): PageView {
  return { after: address.get("after") ?? undefined, before: address.get("before") ?? undefined };
}

/** The same as the API's arguments: 50 a page, where the list asks for nothing else. */
export function pageArguments({ after, before }: PageView, size = 50) {
  return before === undefined ? { first: size, after: after ?? null } : { last: size, before };
}

/** What the API says about the ends of a page. */
export interface PageEnds {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

interface PagesBeside {
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** The addresses of the pages beside a page, for its pager. */
export function pagesBeside(ends: PageEnds, hrefOf: (page: PageView) => string): PagesBeside {
  return {
    previous: ends.hasPreviousPage ? hrefOf({ before: ends.startCursor ?? undefined, after: undefined }) : undefined,
    next: ends.hasNextPage ? hrefOf({ after: ends.endCursor ?? undefined, before: undefined }) : undefined,
  };
}
