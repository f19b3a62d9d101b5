import { EqualityNumbers } from "./json-equality.ts";
import type { Json } from "./json.ts";

/** Cells of comparison tables that one alignment may fill; lists beyond it are compared position by position. */
const TABLE_CELLS = 4_000_000;

/**
 * Finds what two documents' lists have in common: by their longest common subsequence while that is affordable, so that time and
 * memory stay proportional to the documents. One for each comparison: its budget is for all lists together.
 */
export class ListAlignment {
  #cells = TABLE_CELLS;
  readonly #numbers = new EqualityNumbers();

  /** Whether two values are the same JSON: costs the same whatever their size, once they have been looked at. */
  equal(one: Json, other: Json): boolean {
    return this.#numbers.equal(one, other);
  }

  /** Positions of equal elements in both lists, from the last pair to the first. */
  pairs(from: readonly Json[], to: readonly Json[]): (readonly [number, number])[] {
    const [ours, theirs] = [from, to].map((list) => list.map((value) => this.#numbers.of(value))) as [
      number[],
      number[],
    ];
    const shorter = Math.min(ours.length, theirs.length);
    let start = 0;
    while (start < shorter && ours[start] === theirs[start]) start++;
    let tail = 0;
    while (tail < shorter - start && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail++;
    const pairs: (readonly [number, number])[] = [];
    for (let at = 1; at <= tail; at++) pairs.push([ours.length - at, theirs.length - at]);
    const middle = this.#alignMiddle(ours.slice(start, ours.length - tail), theirs.slice(start, theirs.length - tail));
    for (const [our, their] of middle) pairs.push([our + start, their + start]);
    for (let at = start - 1; at >= 0; at--) pairs.push([at, at]);
    return pairs;
  }

  /** The longest common subsequence, by the table of Wagner and Fischer (1974). */
  #alignMiddle(ours: readonly number[], theirs: readonly number[]): [number, number][] {
    const width = theirs.length + 1;
    const cells = (ours.length + 1) * width;
    if (cells > this.#cells || ours.length === 0 || theirs.length === 0) return [];
    this.#cells -= cells;
    const lengths = new Uint32Array(cells);
    const length = (our: number, their: number) => lengths[our * width + their] as number;
    for (let our = 1; our <= ours.length; our++) {
      for (let their = 1; their <= theirs.length; their++) {
        lengths[our * width + their] =
          ours[our - 1] === theirs[their - 1]
            ? length(our - 1, their - 1) + 1
            : Math.max(length(our - 1, their), length(our, their - 1));
      }
    }
    const pairs: [number, number][] = [];
    for (let [our, their] = [ours.length, theirs.length]; our > 0 && their > 0;) {
      if (ours[our - 1] === theirs[their - 1]) pairs.push([--our, --their]);
      else if (length(our - 1, their) >= length(our, their - 1)) our--;
      else their--;
    }
    return pairs;
  }
}
