import type { Run } from "#components/diff/line-runs.ts";
import type { JsonLine } from "#components/json/json-lines.ts";

/**
 * Two JSON texts compared place by place: members by their keys, elements by their positions. It takes no longer than to read
 * both, however much differs; but after an element that was put into a list, all others count as changed.
 */
export function alignLines(before: readonly JsonLine[], after: readonly JsonLine[]): Run[] {
  const runs: { kind: Run["kind"]; count: number }[] = [];
  const put = (kind: Run["kind"], count: number) => {
    const last = runs.at(-1);
    if (last?.kind === kind) last.count += count;
    else runs.push({ kind, count });
  };
  const lastOf = (lines: readonly JsonLine[], at: number) => lines[at]?.end ?? at;
  const value = (lines: readonly JsonLine[], at: number) => lines[at]?.content.replace(/,$/, "") ?? "";

  /** Compares what begins at two lines of the same place. */
  const compare = (left: number, right: number): void => {
    const [leftEnd, rightEnd] = [lastOf(before, left), lastOf(after, right)];
    const opens = leftEnd > left && rightEnd > right;
    if (!opens || value(before, left) !== value(after, right)) {
      if (leftEnd === left && rightEnd === right && value(before, left) === value(after, right)) put("same", 1);
      else {
        put("removed", leftEnd - left + 1);
        put("added", rightEnd - right + 1);
      }
      return;
    }
    put("same", 1);
    let [one, other] = [left + 1, right + 1];
    while (one < leftEnd || other < rightEnd) {
      const order = one >= leftEnd ? 1 : other >= rightEnd ? -1 : inOrder(before[one]?.name, after[other]?.name);
      if (order < 0) put("removed", lastOf(before, one) - one + 1);
      else if (order > 0) put("added", lastOf(after, other) - other + 1);
      else compare(one, other);
      if (order <= 0) one = lastOf(before, one) + 1;
      if (order >= 0) other = lastOf(after, other) + 1;
    }
    put("same", 1);
  };
  compare(0, 0);
  return runs;
}

/** Which of two names comes first: keys in alphabetical order, positions by number. */
function inOrder(one: JsonLine["name"] | undefined, other: JsonLine["name"] | undefined): number {
  if (one === other || one == null || other == null) return 0;
  return one < other ? -1 : 1;
}
