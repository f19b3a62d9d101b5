import type { ParkingReason } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";

interface Count {
  readonly count: number;
  readonly isCapped: boolean;
}

/** "1,204", or "10,000+" where there are more than are counted. */
export function countText({ count, isCapped }: Count): string {
  return `${numberText(count)}${isCapped ? "+" : ""}`;
}

/** Why tasks stand out of line. */
export const PARKING_WORDS: Readonly<Record<ParkingReason, string>> = {
  TIME: "for their time, or to be tried again",
  CONCURRENCY_KEY: "for their concurrency key",
  RATE_LIMIT: "for their rate limit",
};

/** "4 for their time, 9 for their rate limit"; null when none does. */
export function parkedText(parked: readonly (Count & { readonly reason: ParkingReason })[]): string | null {
  const said = parked.filter(({ count }) => count > 0);
  return said.length === 0 ? null : said.map((one) => `${countText(one)} ${PARKING_WORDS[one.reason]}`).join(", ");
}

/** "100 an hour", "5 every 10 s". */
export function rateText(max: number, periodMs: number): string {
  const units = new Map([
    [1_000, "a second"],
    [60_000, "a minute"],
    [3_600_000, "an hour"],
    [86_400_000, "a day"],
  ]);
  const unit = units.get(periodMs);
  return `${numberText(max)} ${unit ?? `every ${numberText(periodMs / 1_000)} s`}`;
}
