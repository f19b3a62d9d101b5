import type { JsonLine } from "#components/json/json-lines.ts";
import { pointerOf } from "#components/json/json-pointer.ts";

/** Objects and lists longer than this are folded at first, when there is not room for them. */
const LONG = 50;
/** So many lines are to be seen at first. */
const ROOM = 120;

/** Which opening lines are folded at first: long ones, opened from the outside in for as long as there is room. */
export function foldedAtFirst(lines: readonly JsonLine[]): Set<number> {
  const folded = new Set<number>();
  for (const [at, { end }] of lines.entries()) if (at > 0 && end !== null && end - at > LONG) folded.add(at);
  let room = ROOM - visibleLines(lines, folded).length;
  for (let wave = true; wave && room > 0;) {
    wave = false;
    for (const at of visibleLines(lines, folded)) {
      if (!folded.has(at)) continue;
      const inside = shownInside(lines, folded, at, room);
      if (inside > room) continue;
      folded.delete(at);
      room -= inside;
      wave = true;
    }
  }
  return folded;
}

/** Which lines are to be seen, by where they stand in the whole text. */
export function visibleLines(lines: readonly JsonLine[], folded: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    visible.push(at);
    if (folded.has(at)) at = lines[at]?.end ?? at;
  }
  return visible;
}

/** The folds without those that hide a line. */
export function unfoldedTo(lines: readonly JsonLine[], folded: ReadonlySet<number>, at: number): ReadonlySet<number> {
  const hiding = new Set<number>();
  for (let parent = lines[at]?.parent ?? -1; parent >= 0; parent = lines[parent]?.parent ?? -1) {
    if (folded.has(parent)) hiding.add(parent);
  }
  return hiding.size === 0 ? folded : new Set([...folded].filter((each) => !hiding.has(each)));
}

/** The folds of a value that took the place of another: what stands where something stood is folded as that was. */
export function carriedFolds(
  lines: readonly JsonLine[],
  before: { readonly lines: readonly JsonLine[]; readonly folded: ReadonlySet<number> },
): Set<number> {
  const known = new Map<string, boolean>();
  for (const [at, { end }] of before.lines.entries()) {
    if (end !== null) known.set(pointerOf(before.lines, at), before.folded.has(at));
  }
  const folded = foldedAtFirst(lines);
  for (const [at, { end }] of lines.entries()) {
    const was = end === null ? undefined : known.get(pointerOf(lines, at));
    if (was === true) folded.add(at);
    if (was === false) folded.delete(at);
  }
  return folded;
}

/** What stands in place of what is folded: " … 40 items ],". */
export function foldedText(line: JsonLine, lines: readonly JsonLine[]): string {
  const closing = lines[line.end ?? -1]?.content ?? "";
  const [one, many] = closing.startsWith("]") ? ["item", "items"] : ["key", "keys"];
  return ` … ${line.members.toLocaleString("en-GB")} ${line.members === 1 ? one : many} ${closing}`;
}

/** How many more lines are seen once a folded line is opened; counts no further than `most`. */
function shownInside(lines: readonly JsonLine[], folded: ReadonlySet<number>, open: number, most: number): number {
  const end = lines[open]?.end ?? open;
  let count = 0;
  for (let at = open + 1; at <= end && count <= most; at += 1) {
    count += 1;
    if (folded.has(at)) at = lines[at]?.end ?? at;
  }
  return count;
}
