import { percentile } from "../median.ts";
import { type Figure, say } from "../report.ts";

/** Times, in milliseconds, of the same work on a short history and on a long one. */
export interface Pair {
  readonly short: readonly number[];
  readonly long: readonly number[];
}

/** Does both so many times, in turns, so that a busy moment of the machine is not one side's alone. */
export async function inTurns(times: number, short: () => Promise<number>, long: () => Promise<number>): Promise<Pair> {
  const pair: { short: number[]; long: number[] } = { short: [], long: [] };
  for (let turn = 0; turn < times; turn += 1) {
    pair.short.push(await short());
    pair.long.push(await long());
  }
  return pair;
}

export function p99(name: string, times: readonly number[]): Figure {
  return { name: `contexts.${name}.p99_ms`, value: percentile(times, 0.99), unit: "ms" };
}

/** How much longer the slow calls (p99) of the long history take than those of the short one, where that is most. */
export function worstRatio(pairs: Readonly<Record<string, Pair>>): number {
  const ratios = Object.entries(pairs).map(([name, { short, long }]) => {
    const [p50s, p99s] = [0.5, 0.99].map((share) => [percentile(short, share), percentile(long, share)] as const);
    const [ofShort = 0, ofLong = 0] = p99s ?? [];
    say(
      `${name}: p50 ${p50s?.map((time) => time.toFixed(2)).join(" and ")} ms, p99 ${p99s?.map((time) => time.toFixed(2)).join(" and ")} ms ` +
        `(short and long history), ratio of p99 ${(ofLong / ofShort).toFixed(2)}`,
    );
    return ofLong / ofShort;
  });
  return Math.max(...ratios);
}
