import type { Json } from "./json.ts";
import type { JsonPatchOperation } from "./json-patch.ts";
import { formatPointer } from "./json-pointer.ts";

type Members = { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** Cells of comparison tables that one diff may fill; lists beyond it are compared position by position. */
const TABLE_CELLS = 4_000_000;

/**
 * A JSON Patch (RFC 6902: add, remove, replace) that turns `from` into `to`; empty when they are equal. Lists are aligned
 * by their longest common subsequence while that is affordable, so time and memory stay proportional to the documents:
 * a caller can ask for the difference of any two.
 */
export function diffJson(from: Json, to: Json): JsonPatchOperation[] {
  const diff = new Diff();
  diff.compare(from, to, []);
  return diff.operations;
}

class Diff {
  readonly operations: JsonPatchOperation[] = [];
  #cells = TABLE_CELLS;
  /** Equal values have equal numbers, so that comparing them costs the same whatever their size. */
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<object, number>();

  compare(from: Json, to: Json, path: Path): void {
    if (this.#number(from) === this.#number(to)) return;
    if (isList(from) && isList(to)) this.#compareLists(from, to, path);
    else if (isObject(from) && isObject(to)) this.#compareObjects(from, to, path);
    else this.operations.push({ op: "replace", path: formatPointer(path), value: to });
  }

  #compareObjects(from: Members, to: Members, path: Path): void {
    for (const key of Object.keys(from)) {
      if (Object.hasOwn(to, key)) this.compare(from[key] as Json, to[key] as Json, [...path, key]);
      else this.operations.push({ op: "remove", path: formatPointer([...path, key]) });
    }
    for (const key of Object.keys(to)) {
      if (!Object.hasOwn(from, key)) {
        this.operations.push({
          op: "add",
          path: formatPointer([...path, key]),
          value: to[key] as Json,
        });
      }
    }
  }

  /** Works from the end to the beginning, so that the positions before it are still those of `from`. */
  #compareLists(from: readonly Json[], to: readonly Json[], path: Path): void {
    let [fromEnd, toEnd] = [from.length, to.length];
    for (const [fromKept, toKept] of [...this.#align(from, to), [-1, -1] as const]) {
      this.#compareGap(from.slice(fromKept + 1, fromEnd), to.slice(toKept + 1, toEnd), fromKept + 1, path);
      [fromEnd, toEnd] = [fromKept, toKept];
    }
  }

  #compareGap(from: readonly Json[], to: readonly Json[], start: number, path: Path): void {
    const common = Math.min(from.length, to.length);
    for (let at = from.length - 1; at >= common; at--) {
      this.operations.push({ op: "remove", path: formatPointer([...path, start + at]) });
    }
    for (let at = common; at < to.length; at++) {
      this.operations.push({
        op: "add",
        path: formatPointer([...path, start + at]),
        value: to[at] as Json,
      });
    }
    for (let at = 0; at < common; at++) this.compare(from[at] as Json, to[at] as Json, [...path, start + at]);
  }

  /** Positions of equal elements in both lists, from the last pair to the first. */
  #align(from: readonly Json[], to: readonly Json[]): (readonly [number, number])[] {
    const [ours, theirs] = [from.map((value) => this.#number(value)), to.map((value) => this.#number(value))];
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

  #number(value: Json): number {
    if (typeof value !== "object" || value === null) return this.#intern(JSON.stringify(value));
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const number = this.#intern(
      isList(value)
        ? `[${value.map((element) => this.#number(element)).join()}`
        : `{${Object.entries(value)
            .map(([key, member]) => `${JSON.stringify(key)}:${this.#number(member)}`)
            .toSorted()
            .join()}`,
    );
    this.#known.set(value, number);
    return number;
  }

  #intern(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
