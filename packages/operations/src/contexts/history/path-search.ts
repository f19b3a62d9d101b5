import type { VersionTampered } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import {
  changeOf,
  type FoundChange,
  type OpenPair,
  PathWalk,
  type WalkedVersion,
  type WalkPosition,
} from "./path-walk.ts";

/** Most versions that one page looks at, and most bytes that it reads: a page may be empty, and yet more follow. */
const VERSIONS_A_PAGE = 2_000;
const BYTES_A_PAGE = 16 * 1_048_576;
/** Most bytes of values that a page answers with; but always one change. */
const ANSWER_BYTES = 4 * 1_048_576;
/** Of so many pairs the data is read at once. */
const PAIRS_AT_ONCE = 20;

/** What stands at the path in versions, or why that is not known. */
export interface FoundValues {
  valueOf(version: WalkedVersion): Json | undefined;
  errorOf(version: WalkedVersion): VersionTampered | null;
}

/** The search for one page of changes in one context: says what it needs to see next, and takes it. */
export class PathSearch {
  readonly contextId: string;
  readonly changes: FoundChange[] = [];
  examined = 0;
  /** What has come of it where it failed. */
  error: VersionTampered | null = null;
  readonly #size: number;
  readonly #walk: PathWalk;
  readonly #open: OpenPair[] = [];
  #position: WalkPosition | null;
  #fresh = true;
  #stopped = false;
  #bytes = 0;
  #answered = 0;

  constructor(contextId: string, tokens: readonly string[], begin: WalkPosition, size: number) {
    this.contextId = contextId;
    this.#size = size;
    this.#walk = new PathWalk(tokens, begin);
    this.#position = begin;
  }

  /** Where to read versions, from there to older ones: `newer` itself only at the beginning. Null: none are needed. */
  wantsVersions(): { readonly newer: number | null; readonly next: number } | null {
    if (this.#over() || this.#open.length > 0 || this.#position === null) return null;
    return { newer: this.#fresh ? this.#position.newer : null, next: this.#position.next };
  }

  /** Takes versions in falling order, all that there are up to the oldest of them. */
  takeVersions(versions: readonly WalkedVersion[]): void {
    this.#fresh = false;
    for (const version of versions) {
      const pair = this.#walk.take(version);
      if (pair) this.#open.push(pair);
      this.#bytes += version.patch?.length ?? 0;
    }
    this.examined += versions.length;
    const last = versions.at(-1);
    if (last !== undefined && last.number > 1) {
      this.#position = this.#walk.position;
      return;
    }
    this.#position = null;
    const first = this.#walk.end();
    if (first) this.#open.push(first);
  }

  /** The pairs whose data is to be read now. */
  wantsData(): readonly OpenPair[] {
    return this.#open.slice(0, PAIRS_AT_ONCE);
  }

  /** Takes what was found for the pairs that it wants, and how many bytes were read for that. */
  takeValues(found: FoundValues, bytes: number): void {
    this.#bytes += bytes;
    for (const pair of this.#open.splice(0, PAIRS_AT_ONCE)) {
      const error = found.errorOf(pair.newer) ?? (pair.older && found.errorOf(pair.older));
      if (error) {
        // What comes before it can be told all the same.
        if (this.changes.length === 0) this.error = error;
        return this.#stopAt(pair.newer);
      }
      const older = pair.older === null ? undefined : found.valueOf(pair.older);
      const change = changeOf(pair, { newer: found.valueOf(pair.newer), older });
      if (!change) continue;
      this.changes.push(change);
      this.#answered += sizeOf(change.before) + sizeOf(change.after);
      if (this.changes.length < this.#size && this.#answered < ANSWER_BYTES) continue;
      return this.#stopAt(pair.older);
    }
    const [next] = this.#open;
    if (next && this.#bytes >= BYTES_A_PAGE) this.#stopAt(next.newer);
  }

  /** The rest is for the next page. */
  #stopAt(version: WalkedVersion | null): void {
    this.#stopped = true;
    this.#open.length = 0;
    this.#position = version && { newer: version.number, next: version.number - 1 };
  }

  /** Where the next page goes on; null: nowhere. */
  get end(): WalkPosition | null {
    return this.#position;
  }

  #over(): boolean {
    return this.#stopped || this.examined >= VERSIONS_A_PAGE || this.#bytes >= BYTES_A_PAGE;
  }
}

function sizeOf(value: Json | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
