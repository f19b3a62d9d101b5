import { diffArrays } from "diff/lib/diff/array.js";

/** Lines that follow each other and are in both texts, or in one of them. */
export interface Run {
  readonly kind: "same" | "removed" | "added";
  readonly count: number;
}

/**
 * What turns one text into another, line by line (Myers' algorithm, by the library `diff`). A comma at the end of a line
 * is no difference: it says only that something follows. Null when finding out takes longer than `timeoutMs`.
 */
export function lineRuns(before: readonly string[], after: readonly string[], timeoutMs: number): Run[] | null {
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
  const runs: Run[] = [
    { kind: "same", count: start },
    ...changes.map(({ added, removed, count }) => ({ kind: kindOf(added, removed), count })),
    { kind: "same", count: tail },
  ];
  return runs.filter(({ count }) => count > 0);
}

function kindOf(added: boolean, removed: boolean): Run["kind"] {
  if (added) return "added";
  return removed ? "removed" : "same";
}
