import type { JsonLine } from "#components/json/json-lines.ts";

/** RFC 6901: nothing, or parts that each begin with a slash; ~ only as ~0 (itself) and ~1 (a slash). */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** What is wrong with a text as a JSON Pointer, as a sentence; null when it is one. */
export function pointerProblem(text: string): string | null {
  if (POINTER.test(text)) return null;
  if (!text.startsWith("/"))
    return "A path begins with a slash, as in /plan/owner. Nothing at all means the whole data.";
  return "In a path, ~ is written ~0, and a slash within a key ~1.";
}

/** One key or position as a part of a JSON Pointer: "a/b" becomes "/a~1b". */
export function pointerPart(name: string | number): string {
  return `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Where a line stands in the data, as a JSON Pointer: "" for the whole. A closing line stands where it was opened. */
export function pointerOf(lines: readonly JsonLine[], at: number): string {
  let pointer = "";
  for (let line = lines[at]; line !== undefined; line = lines[line.parent]) {
    if (line.name !== null) pointer = pointerPart(line.name) + pointer;
  }
  return pointer;
}

/** The line that a JSON Pointer leads to; null when there is none. */
export function lineAt(lines: readonly JsonLine[], pointer: string): number | null {
  if (pointerProblem(pointer) !== null) return null;
  let at = 0;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const end = lines[at]?.end ?? null;
    if (end === null) return null;
    let member = at + 1;
    while (member < end && String(lines[member]?.name) !== name) member = (lines[member]?.end ?? member) + 1;
    if (member >= end) return null;
    at = member;
  }
  return lines[at] ? at : null;
}
