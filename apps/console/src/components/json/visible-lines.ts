import type { JsonLine } from "#components/json/json-lines.ts";

/** Objects and lists longer than this are folded at first, when there is not room for them. */
const LONG = 50;
/** So many lines are to be seen at first. */
const ROOM = 120;

export interface VisibleLine extends JsonLine {
  /** Where it stands in the whole text, from 0. */
  readonly at: number;
  /** Of a line that opens something: whether what it opens is folded. */
  readonly folded: boolean;
}

/** Which opening lines are folded at first: long ones, opened from the outside in for as long as there is room. */
export function foldedAtFirst(lines: readonly JsonLine[]): Set<number> {
  const folded = new Set<number>();
  for (const [at, { end }] of lines.entries()) if (at > 0 && end !== null && end - at > LONG) folded.add(at);
  let room = ROOM - visibleLines(lines, folded).length;
  for (let wave = true; wave;) {
    wave = false;
    for (const { at, folded: closed, end } of visibleLines(lines, folded)) {
      if (!closed || end === null) continue;
      const inside = visibleLines(lines.slice(0, end + 1), folded, at).length - 1;
      if (inside > room) continue;
      folded.delete(at);
      room -= inside;
      wave = true;
    }
  }
  return folded;
}

/** The lines that are to be seen. With `open`, only what that folded line holds. */
export function visibleLines(lines: readonly JsonLine[], folded: ReadonlySet<number>, open?: number): VisibleLine[] {
  const visible: VisibleLine[] = [];
  for (let at = open ?? 0; at < lines.length; at += 1) {
    const line = lines[at] as JsonLine;
    const closed = at !== open && folded.has(at);
    visible.push({ ...line, at, folded: closed });
    if (closed && line.end !== null) at = line.end;
  }
  return visible;
}

/** What stands in place of what is folded: " … 40 items ],". */
export function foldedText(line: VisibleLine, lines: readonly JsonLine[]): string {
  const closing = lines[line.end ?? line.at]?.text.trimStart() ?? "";
  const [one, many] = closing.startsWith("]") ? ["item", "items"] : ["key", "keys"];
  return ` … ${line.members} ${line.members === 1 ? one : many} ${closing}`;
}
