import type { JsonPatchOperation } from "./json-patch.ts";
import { listIndex, pointerTokens } from "./json-pointer.ts";

/**
 * Whether a JSON Patch of add, remove and replace may change the value that the tokens lead to: at it, above it, beneath it, or by
 * moving the elements of a list that it stands in. False is certain; true may turn out to have changed nothing.
 */
export function touches(patch: readonly JsonPatchOperation[], tokens: readonly string[]): boolean {
  return patch.some(({ op, path }) => {
    const at = pointerTokens(path);
    const common = Math.min(at.length, tokens.length);
    const parted = at.findIndex((token, depth) => depth < common && token !== tokens[depth]);
    if (parted === -1) return true;
    if (op === "replace" || parted !== at.length - 1) return false;
    // Siblings: where they are elements of a list, those behind it have moved.
    const [moved, kept] = [at[parted] ?? "", tokens[parted] ?? ""];
    const place = moved === "-" ? 0 : listIndex(moved);
    const index = listIndex(kept);
    return place !== null && index !== null && place < index;
  });
}
