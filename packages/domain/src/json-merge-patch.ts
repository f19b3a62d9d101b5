import type { Json } from "./json.ts";

type Members = { readonly [key: string]: Json };

/**
 * Applies a JSON Merge Patch (RFC 7396): members of `patch` replace those of `target`, null removes them, objects are patched in
 * turn, and anything else replaces what is there. Leaves both as they are; the result shares what neither changes. Takes only
 * what `jsonIssues` lets through: nesting is bounded, and no key is named __proto__.
 */
export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: { [key: string]: Json } = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key] ?? null, value);
  }
  return result;
}

function isObject(value: Json): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
