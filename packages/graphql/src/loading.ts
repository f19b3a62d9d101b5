/**
 * How nodes are loaded: all ids of one tick in one statement, in any order, missing ones null. Nothing is kept between
 * batches, because a subscription's context lives for hours and must never serve an old row.
 */
export const loadedById = {
  toKey: (row: { readonly id: string }) => row.id,
  sort: true,
  loaderOptions: { cache: false },
} as const;
