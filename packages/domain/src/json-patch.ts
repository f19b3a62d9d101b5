import { InvalidInput } from "./errors.ts";
import { jsonIssues, type Json, type JsonLimits } from "./json.ts";
import { listIndex, parsePointer, pointerTokens, valueAt } from "./json-pointer.ts";

/** One operation of a JSON Patch (RFC 6902), as it comes from a caller: `op` and what it needs are checked when applied. */
export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string | null | undefined;
  /** undefined: not given; null is a value. */
  readonly value?: Json | undefined;
}

type Container = Json[] | { [key: string]: Json };

/**
 * Applies a JSON Patch (RFC 6902) and returns the patched document; `document` is left as it is. Throws `InvalidInput`
 * with the operation's index in the path for the first operation that does not apply. `limits` bound what `copy` may
 * add: without a bound, forty copies of a copy would fill any memory.
 */
export function applyPatch(document: Json, patch: readonly JsonPatchOperation[], limits: JsonLimits): Json {
  let patched = structuredClone(document);
  let copied = 0;
  for (const [index, operation] of patch.entries()) {
    const step = new Step(index, operation);
    const at = step.tokens("path", operation.path);
    switch (operation.op) {
      case "add":
        patched = step.add(patched, at, structuredClone(step.value()));
        break;
      case "remove":
        patched = step.remove(patched, at);
        break;
      case "replace":
        patched = step.replace(patched, at, structuredClone(step.value()));
        break;
      case "test":
        if (!equalJson(step.existing(patched, at, "path"), step.value()))
          step.refuse("value", "the value there is another one.");
        break;
      case "copy": {
        const source = step.existing(patched, step.tokens("from", operation.from), "from");
        const issue = jsonIssues(source, [], limits)[0];
        if (issue) step.refuse("from", `what is copied ${issue.message}`);
        copied += Buffer.byteLength(JSON.stringify(source));
        if (copied > limits.bytes)
          step.refuse("from", `the copies of one patch may add at most ${limits.bytes} bytes.`);
        patched = step.add(patched, at, structuredClone(source));
        break;
      }
      case "move": {
        const from = step.tokens("from", operation.from);
        if (from.length < at.length && from.every((token, depth) => token === at[depth])) {
          step.refuse("path", "a value cannot be moved into itself.");
        }
        const source = step.existing(patched, from, "from");
        if (from.length !== at.length || operation.from !== operation.path) {
          patched = step.add(step.remove(patched, from, "from"), at, source);
        }
        break;
      }
      default:
        step.refuse("op", "must be add, remove, replace, move, copy or test.");
    }
  }
  return patched;
}

/**
 * Applies a patch that `diffJson` made (add, remove, replace) to a document that nobody else uses: both become part of what is
 * returned. Throws `InvalidInput` where it does not apply.
 */
export function applyInPlace(document: Json, patch: readonly JsonPatchOperation[]): Json {
  let patched = document;
  for (const [index, operation] of patch.entries()) {
    const step = new Step(index, operation);
    const at = pointerTokens(operation.path);
    if (operation.op === "add") patched = step.add(patched, at, step.value());
    else if (operation.op === "remove") patched = step.remove(patched, at);
    else if (operation.op === "replace") patched = step.replace(patched, at, step.value());
    else step.refuse("op", "must be add, remove or replace.");
  }
  return patched;
}

/** One operation of a patch on a document that it may change in place. */
class Step {
  readonly index: number;
  readonly operation: JsonPatchOperation;

  constructor(index: number, operation: JsonPatchOperation) {
    this.index = index;
    this.operation = operation;
  }

  refuse(field: string, message: string): never {
    throw new InvalidInput([{ path: ["patch", String(this.index), field], message }]);
  }

  tokens(field: "path" | "from", pointer: string | null | undefined): string[] {
    if (typeof pointer !== "string") this.refuse(field, "is required.");
    const tokens = parsePointer(pointer);
    if (!tokens) this.refuse(field, "is not a JSON Pointer: it begins with '/', and '~' is written '~0'.");
    return tokens;
  }

  value(): Json {
    return this.operation.value === undefined ? this.refuse("value", "is required.") : this.operation.value;
  }

  existing(document: Json, tokens: readonly string[], field: string): Json {
    const value = valueAt(document, tokens);
    return value === undefined ? this.refuse(field, "there is nothing there.") : value;
  }

  add(document: Json, tokens: readonly string[], value: Json): Json {
    const key = tokens.at(-1);
    if (key === undefined) return value;
    const container = this.#container(document, tokens, "path");
    if (Array.isArray(container)) {
      const index = key === "-" ? container.length : listIndex(key);
      if (index === null || index > container.length)
        this.refuse("path", `the list there has ${container.length} elements.`);
      container.splice(index, 0, value);
    } else {
      // Assigning it would change the prototype and lose the value.
      if (key === "__proto__") this.refuse("path", "must not have a key named __proto__.");
      container[key] = value;
    }
    return document;
  }

  remove(document: Json, tokens: readonly string[], field = "path"): Json {
    const key = tokens.at(-1);
    if (key === undefined) return null;
    this.existing(document, tokens, field);
    const container = this.#container(document, tokens, field);
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
    return document;
  }

  replace(document: Json, tokens: readonly string[], value: Json): Json {
    const key = tokens.at(-1);
    if (key === undefined) return value;
    this.existing(document, tokens, "path");
    (this.#container(document, tokens, "path") as { [key: string]: Json })[key] = value;
    return document;
  }

  #container(document: Json, tokens: readonly string[], field: string): Container {
    const container = valueAt(document, tokens.slice(0, -1));
    if (typeof container !== "object" || container === null)
      this.refuse(field, "what should hold it is no object or list.");
    return container as Container;
  }
}

/** Whether two documents are the same JSON. Never recurses deeper than the shallower one. */
export function equalJson(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) => Object.hasOwn(other, key) && equalJson((one as Members)[key] as Json, (other as Members)[key] as Json),
    )
  );
}

type Members = { readonly [key: string]: Json };
