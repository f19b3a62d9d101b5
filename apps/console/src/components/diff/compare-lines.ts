import { lineRuns, type Run } from "#components/diff/line-runs.ts";

/** A line of a comparison: in both texts, or in one of them. Numbers count from 1. */
export interface ComparedLine {
  readonly kind: Run["kind"];
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Two texts compared line by line. Null when finding out takes longer than `timeoutMs`. */
export function compareLines(
  before: readonly string[],
  after: readonly string[],
  timeoutMs: number,
): ComparedLine[] | null {
  const runs = lineRuns(before, after, timeoutMs);
  return (
    runs &&
    comparedLines(
      runs,
      before.map((text) => ({ text })),
      after.map((text) => ({ text })),
    )
  );
}

interface Texted {
  readonly text: string;
}

/** The lines of a comparison, from what is known of it. Their texts are read when somebody looks. */
export function comparedLines(
  runs: readonly Run[],
  before: readonly Texted[],
  after: readonly Texted[],
): ComparedLine[] {
  const lines: ComparedLine[] = [];
  let [left, right] = [0, 0];
  for (const { kind, count } of runs) {
    for (let taken = 0; taken < count; taken += 1) {
      const source = (kind === "removed" ? before[left] : after[right]) ?? { text: "" };
      if (kind !== "added") left += 1;
      if (kind !== "removed") right += 1;
      lines.push(new Compared(kind, source, kind === "added" ? null : left, kind === "removed" ? null : right));
    }
  }
  return lines;
}

class Compared implements ComparedLine {
  readonly kind: Run["kind"];
  readonly before: number | null;
  readonly after: number | null;
  readonly #source: Texted;

  constructor(kind: Run["kind"], source: Texted, before: number | null, after: number | null) {
    this.kind = kind;
    this.before = before;
    this.after = after;
    this.#source = source;
  }

  get text(): string {
    return this.#source.text;
  }
}
