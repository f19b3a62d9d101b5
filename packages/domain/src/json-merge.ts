import { EqualityNumbers } from "./json-equality.ts";
import { formatPointer } from "./json-pointer.ts";
import type { Json } from "./json.ts";

type Members = { readonly [key: string]: Json };
type List = readonly Json[];
type Path = readonly (string | number)[];

/** What came of a merge: both sides' changes together, or where they touch. */
export type Merge = { readonly data: Json } | { readonly touching: readonly string[] };

const MOST_PATHS = 20;
/** Where a side has no such member. */
const NOTHING = Symbol("nothing");
type Value = Json | typeof NOTHING;

/**
 * Three-way merge: what `base` becomes when the changes of both sides are made. They may when none is at, above or beneath one of
 * the other side, or when they are the same; otherwise it answers the JSON Pointers (RFC 6901; at most 20) where they touch. A list
 * that both have changed touches, unless each has only put new elements in the place of old ones and no place is both's. Leaves the
 * three as they are; the result shares their parts.
 */
export function mergeJson(base: Json, ours: Json, theirs: Json): Merge {
  const merger = new Merger();
  const data = merger.merge(base, ours, theirs, []);
  if (data !== NOTHING && merger.touching.length === 0) return { data };
  return { touching: merger.touching.toSorted().slice(0, MOST_PATHS) };
}

class Merger {
  readonly touching: string[] = [];
  readonly #numbers = new EqualityNumbers();

  merge(base: Value, ours: Value, theirs: Value, path: Path): Value {
    if (isObject(base) && isObject(ours) && isObject(theirs)) return this.#mergeObjects(base, ours, theirs, path);
    if (isList(base) && isList(ours) && isList(theirs)) {
      return this.#choose(base, ours, theirs) ?? this.#mergeLists(base, ours, theirs, path);
    }
    return this.#whole(base, ours, theirs, path);
  }

  /** The value that only one side has changed, or both alike; undefined when they differ. */
  #choose<Either extends Value>(base: Either, ours: Either, theirs: Either): Either | undefined {
    if (this.#equal(base, ours)) return theirs;
    return this.#equal(base, theirs) || this.#equal(ours, theirs) ? ours : undefined;
  }

  #whole(base: Value, ours: Value, theirs: Value, path: Path): Value {
    const chosen = this.#choose(base, ours, theirs);
    if (chosen !== undefined) return chosen;
    this.touching.push(formatPointer(path));
    return ours;
  }

  #mergeObjects(base: Members, ours: Members, theirs: Members, path: Path): Json {
    const merged: { [key: string]: Json } = {};
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const value = this.merge(member(base, key), member(ours, key), member(theirs, key), [...path, key]);
      if (value !== NOTHING) merged[key] = value;
    }
    return merged;
  }

  /** Elements are taken whole: who knows that two of them at one place are the same one? */
  #mergeLists(base: List, ours: List, theirs: List, path: Path): Json {
    if (!this.#inPlace(base, ours) || !this.#inPlace(base, theirs))
      return this.#whole(base, ours, theirs, path) as Json;
    return base.map((element, at) => this.#whole(element, ours[at] as Json, theirs[at] as Json, [...path, at]) as Json);
  }

  /**
   * Whether a side has only replaced elements: what it replaced is gone from the list, and what stands there was not in it before.
   * Then nothing has moved, and each place means the same before and after.
   */
  #inPlace(base: List, side: List): boolean {
    if (base.length !== side.length) return false;
    const [before, after] = [base, side].map((list) => list.map((element) => this.#numbers.of(element)));
    const [known, left] = [new Set(before), new Set(after)];
    return base.every((_element, at) => {
      const [old, present] = [before?.[at] as number, after?.[at] as number];
      return old === present || (!left.has(old) && !known.has(present));
    });
  }

  #equal(one: Value, other: Value): boolean {
    return one === other || (one !== NOTHING && other !== NOTHING && this.#numbers.equal(one, other));
  }
}

function member(object: Members, key: string): Value {
  return Object.hasOwn(object, key) ? (object[key] as Json) : NOTHING;
}

function isList(value: Value): value is List {
  return Array.isArray(value);
}

function isObject(value: Value): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
