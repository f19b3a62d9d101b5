import { diffArrays } from "diff/lib/diff/array.js";

/** A line of a comparison: in both texts, or in one of them. Numbers count from 1. */
export interface ComparedLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * What turns one text into another, line by line (Myers' algorithm, by the library `diff`). A comma at the end of a line
 * is no difference: it says only that something follows. Null when finding out takes longer than `timeoutMs`.
 */
export function compareLines(
  before: readonly string[],
  after: readonly string[],
  timeoutMs: number,
): ComparedLine[] | null {
  const ids = new Map<string, number>();
  const idOf = (line: string) => {
    const text = line.endsWith(",") ? line.slice(0, -1) : line;
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, ids.size);
    return ids.size - 1;
  };
  const [old, now] = [before.map(idOf), after.map(idOf)];
  // Mostly the two differ in one place only.
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let tail = 0;
  while (tail < old.length - start && tail < now.length - start && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const changes = diffArrays(old.slice(start, old.length - tail), now.slice(start, now.length - tail), {
    timeout: timeoutMs,
  });
  if (changes === undefined) return null;

  const lines: ComparedLine[] = [];
  let [left, right] = [0, 0];
  const take = (kind: ComparedLine["kind"], count: number) => {
    for (let taken = 0; taken < count; taken += 1) {
      const text = (kind === "removed" ? before[left] : after[right]) ?? "";
      if (kind !== "added") left += 1;
      if (kind !== "removed") right += 1;
      lines.push({ kind, text, before: kind === "added" ? null : left, after: kind === "removed" ? null : right });
    }
  };
  take("same", start);
  for (const { added, removed, count } of changes) take(added ? "added" : removed ? "removed" : "same", count);
  take("same", tail);
  return lines;
}
