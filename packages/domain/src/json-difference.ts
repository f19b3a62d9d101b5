import { ListAlignment } from "./json-alignment.ts";
import type { Json } from "./json.ts";

type Members = { readonly [key: string]: Json };

export type DiffKind = "ADDED" | "REMOVED" | "CHANGED" | "UNCHANGED";

/** How many values were added, removed and changed: as many as `diffJson` has operations. */
export interface DiffCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** How two values differ. */
export interface Difference {
  readonly kind: DiffKind;
  /** undefined: there was nothing. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Of a list or object that was changed within: its members in order. Null otherwise. */
  readonly members: readonly Member[] | null;
  readonly counts: DiffCounts;
}

/** A member of an object, or an element of a list, by its key or position in each; null where there is none. */
export interface Member {
  readonly from: string | number | null;
  readonly to: string | number | null;
  readonly difference: Difference;
}

const NONE: DiffCounts = { added: 0, removed: 0, changed: 0 };

/** Compares two documents. Looks into nothing that is equal in both. */
export function compareJson(from: Json, to: Json): Difference {
  return new Comparison().compare(from, to);
}

/** The members of a container that was changed within, or not at all. */
export function membersOf({ members, after }: Difference): readonly Member[] {
  if (members !== null) return members;
  const unchanged = (key: string | number, value: Json): Member => ({ from: key, to: key, difference: same(value) });
  if (Array.isArray(after)) return (after as readonly Json[]).map((element, at) => unchanged(at, element));
  const object = after as Members;
  return Object.keys(object)
    .toSorted()
    .map((key) => unchanged(key, object[key] as Json));
}

function same(value: Json): Difference {
  return { kind: "UNCHANGED", before: value, after: value, members: null, counts: NONE };
}

class Comparison {
  readonly #alignment = new ListAlignment();

  compare(from: Json, to: Json): Difference {
    if (this.#alignment.equal(from, to)) return same(to);
    let members: Member[] | null = null;
    if (Array.isArray(from) && Array.isArray(to)) members = this.#compareLists(from, to);
    else if (isObject(from) && isObject(to)) members = this.#compareObjects(from, to);
    const counts = members === null ? { ...NONE, changed: 1 } : sum(members);
    return { kind: "CHANGED", before: from, after: to, members, counts };
  }

  /** By key, in the order of UTF-16 code units, as RFC 8785 sorts them. */
  #compareObjects(from: Members, to: Members): Member[] {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted().map((key) => {
      if (!Object.hasOwn(to, key)) return removed(key, from[key] as Json);
      if (!Object.hasOwn(from, key)) return added(key, to[key] as Json);
      return { from: key, to: key, difference: this.compare(from[key] as Json, to[key] as Json) };
    });
  }

  #compareLists(from: readonly Json[], to: readonly Json[]): Member[] {
    const members: Member[] = [];
    let [fromAt, toAt] = [0, 0];
    for (const [fromKept, toKept] of [
      ...this.#alignment.pairs(from, to).toReversed(),
      [from.length, to.length] as const,
    ]) {
      // Between what both have, position by position.
      for (; fromAt < fromKept && toAt < toKept; fromAt++, toAt++) members.push(this.#element(from, to, fromAt, toAt));
      for (; fromAt < fromKept; fromAt++) members.push(removed(fromAt, from[fromAt] as Json));
      for (; toAt < toKept; toAt++) members.push(added(toAt, to[toAt] as Json));
      if (toKept < to.length) members.push(this.#element(from, to, fromAt++, toAt++));
    }
    return members;
  }

  #element(from: readonly Json[], to: readonly Json[], fromAt: number, toAt: number): Member {
    return { from: fromAt, to: toAt, difference: this.compare(from[fromAt] as Json, to[toAt] as Json) };
  }
}

function added(key: string | number, value: Json): Member {
  const difference: Difference = {
    kind: "ADDED",
    before: undefined,
    after: value,
    members: null,
    counts: { ...NONE, added: 1 },
  };
  return { from: null, to: key, difference };
}

function removed(key: string | number, value: Json): Member {
  const difference: Difference = {
    kind: "REMOVED",
    before: value,
    after: undefined,
    members: null,
    counts: { ...NONE, removed: 1 },
  };
  return { from: key, to: null, difference };
}

function sum(members: readonly Member[]): DiffCounts {
  const counts = { ...NONE } as { -readonly [Name in keyof DiffCounts]: number };
  for (const { difference } of members) {
    counts.added += difference.counts.added;
    counts.removed += difference.counts.removed;
    counts.changed += difference.counts.changed;
  }
  return counts;
}

function isObject(value: Json): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
