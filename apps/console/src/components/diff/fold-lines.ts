import type { ComparedLine } from "#components/diff/compare-lines.ts";

/** A run of lines that is not shown. `id` is the index of its first line before anything of it was opened. */
export interface Fold {
  readonly kind: "fold";
  readonly of: ComparedLine["kind"];
  readonly id: number;
  readonly count: number;
}
export type Shown = ComparedLine | Fold;

/** Unchanged lines around a change. */
const AROUND = 3;
/** Of a long run of added or removed lines, so many begin it. */
const BEGIN = 12;
/** Fewer are not worth a fold. */
const LEAST = 4;

/** Folds what is unchanged, and the middle of long changes. `opened` has how many lines of a fold are to be seen. */
export function foldLines(lines: readonly ComparedLine[], opened: ReadonlyMap<number, number>): Shown[] {
  const shown: Shown[] = [];
  // One by one: a call cannot take 100,000 arguments.
  const show = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) shown.push(lines[at] as ComparedLine);
  };
  for (let from = 0, to = 0; from < lines.length; from = to) {
    const kind = lines[from]?.kind ?? "same";
    while (to < lines.length && lines[to]?.kind === kind) to += 1;
    const same = kind === "same";
    const first = from + (same ? (from === 0 ? 0 : AROUND) : BEGIN);
    const last = to - (same ? (to === lines.length ? 0 : AROUND) : 1);
    const open = opened.get(first) ?? 0;
    if (last - first < LEAST) show(from, to);
    else {
      show(from, Math.min(last, first + open));
      if (first + open < last) shown.push({ kind: "fold", of: kind, id: first, count: last - first - open });
      show(last, to);
    }
  }
  return shown;
}

/** Where changes begin: the first of lines that follow each other and are not in both texts. */
export function changesIn(lines: readonly ComparedLine[]): ComparedLine[] {
  return lines.filter(({ kind }, at) => kind !== "same" && (lines[at - 1]?.kind ?? "same") === "same");
}

/** The two sides of a comparison, line by line: null where the other side has more lines. A fold of unchanged lines is on both. */
export function splitLines(shown: readonly Shown[]): [before: Shown | null, after: Shown | null][] {
  const rows: [Shown | null, Shown | null][] = [];
  let [removed, added]: [Shown[], Shown[]] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      rows.push([removed[at] ?? null, added[at] ?? null]);
    }
    [removed, added] = [[], []];
  };
  for (const each of shown) {
    const kind = each.kind === "fold" ? each.of : each.kind;
    if (kind === "removed") removed.push(each);
    else if (kind === "added") added.push(each);
    else {
      flush();
      rows.push([each, each]);
    }
  }
  flush();
  return rows;
}
