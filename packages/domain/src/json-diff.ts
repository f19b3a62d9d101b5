import { ListAlignment } from "./json-alignment.ts";
import type { Json } from "./json.ts";
import type { JsonPatchOperation } from "./json-patch.ts";
import { formatPointer } from "./json-pointer.ts";

type Members = { readonly [key: string]: Json };
type Path = readonly (string | number)[];

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
  readonly #alignment = new ListAlignment();

  compare(from: Json, to: Json, path: Path): void {
    if (this.#alignment.equal(from, to)) return;
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
    for (const [fromKept, toKept] of [...this.#alignment.pairs(from, to), [-1, -1] as const]) {
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
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
