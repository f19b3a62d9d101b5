/** Each bin of a histogram of durations ends at this many times where it begins: a quantile is at most 5 % off. */
const GROWTH = 1.1;

/** How many durations there are in each bin. */
export type Histogram = Readonly<Record<string, number>>;

/** An SQL expression: the bin of a duration, `ms` an expression of type double precision; null for null. */
export function binOf(ms: string): string {
  // A clock that was set back makes a duration negative; `greatest` would make one of null.
  return `floor(ln(1 + abs(${ms})) * ${1 / Math.log(GROWTH)})::int`;
}

/** The duration that this share of all are not longer than, in ms: the middle of its bin. Null without any. */
export function quantile(histogram: Histogram, share: number): number | null {
  const bins = Object.entries(histogram).toSorted(([one], [other]) => Number(one) - Number(other));
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  let counted = 0;
  for (const [bin, count] of bins) {
    counted += count;
    if (counted >= share * total) return middleOf(Number(bin));
  }
  return null;
}

function middleOf(bin: number): number {
  const middle = GROWTH ** (bin + 0.5) - 1;
  return middle < 100 ? Math.round(middle * 10) / 10 : Math.round(middle);
}

/** The histogram of what all of them have. */
export function together(histograms: readonly Histogram[]): Histogram {
  const sum: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const [bin, count] of Object.entries(histogram)) sum[bin] = (sum[bin] ?? 0) + count;
  }
  return sum;
}
