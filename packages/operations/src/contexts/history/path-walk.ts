import { equalJson, type JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { touches } from "@muster/domain/json-patch-touch.ts";
import type { Json } from "@muster/domain/json.ts";
import type { DataKey } from "./walk-contents.ts";

/** A version as the walk sees it, and how its data is stored where that is a patch. */
export interface WalkedVersion extends DataKey {
  readonly number: number;
  /** Retention has removed its data. */
  readonly pruned: boolean;
  /** The data that `patch` makes its data of; null: it is stored whole. */
  readonly baseHash: string | null;
  /** A JSON Patch, as text. */
  readonly patch: string | null;
}

/** When the value at a path became another one. */
export interface FoundChange {
  readonly kind: "ADDED" | "CHANGED" | "REMOVED";
  readonly version: WalkedVersion;
  /** The newest version before it whose data is there; null: there is none. */
  readonly previous: WalkedVersion | null;
  /** undefined: nothing, or nothing that is known. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Versions right before it have lost their data to retention: what they had there is not known. */
  readonly beforePruned: boolean;
}

/** Two versions, the newer first, with none between whose data is there, that may differ at the path. */
export interface OpenPair {
  readonly newer: WalkedVersion;
  /** null: none is older. */
  readonly older: WalkedVersion | null;
  readonly gap: boolean;
}

/** Where a walk goes on: from the version `newer`, whose older neighbour is `next` or a number below it. */
export interface WalkPosition {
  readonly newer: number;
  readonly next: number;
}

/**
 * Walks through versions from the newest to the oldest, and tells between which of them the value at a path can have changed: not
 * where a patch leads from one to the other that does not touch it.
 */
export class PathWalk {
  readonly #tokens: readonly string[];
  readonly #begin: WalkPosition;
  #newer: WalkedVersion | null = null;
  #gap = false;
  #next: number;

  constructor(tokens: readonly string[], begin: WalkPosition) {
    this.#tokens = tokens;
    this.#begin = begin;
    this.#next = begin.next;
  }

  /** Takes the next older version; gives the pair that has to be looked at closely, if it makes one. */
  take(version: WalkedVersion): OpenPair | null {
    this.#next = Math.min(this.#next, version.number - 1);
    if (version.pruned) {
      this.#gap ||= this.#newer !== null;
      return null;
    }
    const [newer, gap] = [this.#newer, this.#gap];
    this.#newer = version;
    // Those between were walked through before.
    this.#gap = version.number === this.#begin.newer && this.#begin.next < version.number - 1;
    if (newer === null || this.#same(newer, version)) return null;
    return { newer, older: version, gap };
  }

  /** There is no older version. */
  end(): OpenPair | null {
    return this.#newer === null ? null : { newer: this.#newer, older: null, gap: this.#gap };
  }

  get position(): WalkPosition {
    return { newer: this.#newer?.number ?? this.#next, next: this.#next };
  }

  #same(one: WalkedVersion, other: WalkedVersion): boolean {
    if (one.dataHash === other.dataHash) return true;
    const patch = one.baseHash === other.dataHash ? one.patch : other.baseHash === one.dataHash ? other.patch : null;
    return patch !== null && !touches(JSON.parse(patch) as JsonPatchOperation[], this.#tokens);
  }
}

/** The change that a pair is, by the values at the path in each; null when it is none. */
export function changeOf(
  { newer, older, gap }: OpenPair,
  values: { readonly newer: Json | undefined; readonly older: Json | undefined },
): FoundChange | null {
  const { newer: after, older: before } = values;
  if (before === undefined ? after === undefined : after !== undefined && equalJson(before, after)) return null;
  return {
    kind: before === undefined ? "ADDED" : after === undefined ? "REMOVED" : "CHANGED",
    version: newer,
    previous: older,
    before: gap ? undefined : before,
    after,
    beforePruned: gap,
  };
}
