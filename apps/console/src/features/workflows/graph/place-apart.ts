/** Where something wants to stand, how much it insists, and how far below the one before it has to be at least. */
export interface Wish {
  readonly at: number;
  readonly weight: number;
  readonly apart: number;
}

/**
 * Places things in their order, each as near as possible to where it wants to stand and far enough from the one before: the
 * least squares, by pooling neighbours that push each other.
 */
export function placeApart(wishes: readonly Wish[]): number[] {
  const pools: { sum: number; weight: number; count: number }[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const [index, { at, weight, apart }] of wishes.entries()) {
    if (index > 0) offset += apart;
    offsets.push(offset);
    let pool = { sum: (at - offset) * weight, weight, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight >= pool.sum / pool.weight; last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  const places = pools.flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight));
  return places.map((place, index) => place + (offsets[index] ?? 0));
}
