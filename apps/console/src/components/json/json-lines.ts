/** A line of a pretty-printed JSON text. */
export interface JsonLine {
  readonly text: string;
  /** Of a line that opens an object or a list: which line closes it. */
  readonly end: number | null;
  /** Of such a line: how many members it has. */
  readonly members: number;
}

const INDENT = "  ";

/**
 * A value as lines of JSON, indented by two spaces, the keys of each object in alphabetical order: equal values have equal
 * lines, whatever order they were written in.
 */
export function jsonLines(value: unknown): JsonLine[] {
  const lines: JsonLine[] = [];
  print(value, "", "", "", lines);
  return lines;
}

/** The same lines as one text. */
export function jsonText(value: unknown): string {
  return jsonLines(value)
    .map(({ text }) => text)
    .join("\n");
}

function print(value: unknown, indent: string, name: string, comma: string, lines: JsonLine[]): void {
  if (typeof value !== "object" || value === null) {
    lines.push({ text: indent + name + JSON.stringify(value) + comma, end: null, members: 0 });
    return;
  }
  const list = Array.isArray(value);
  const keys = list ? null : Object.keys(value).sort();
  const members = keys?.length ?? (value as unknown[]).length;
  const [opening, closing] = list ? ["[", "]"] : ["{", "}"];
  if (members === 0) {
    lines.push({ text: indent + name + opening + closing + comma, end: null, members });
    return;
  }
  const start = { text: indent + name + opening, end: 0, members };
  lines.push(start);
  for (let at = 0; at < members; at += 1) {
    const key = keys?.[at];
    const member: unknown = key === undefined ? (value as unknown[])[at] : (value as Record<string, unknown>)[key];
    const label = key === undefined ? "" : `${JSON.stringify(key)}: `;
    print(member, indent + INDENT, label, at < members - 1 ? "," : "", lines);
  }
  start.end = lines.length;
  lines.push({ text: indent + closing + comma, end: null, members: 0 });
}
