/** A line of a pretty-printed JSON text. */
export interface JsonLine {
  readonly text: string;
  /** Of a line that opens an object or a list: which line closes it. */
  readonly end: number | null;
  /** Of such a line: how many members it has. */
  readonly members: number;
  /** How deep it stands; 0 is the whole. */
  readonly depth: number;
  /** Its key in an object, its position in a list; null for the whole, and for what closes. */
  readonly name: string | number | null;
  /** The line that opens what it is in; of a closing line, the one that it closes. −1 for the whole. */
  readonly parent: number;
  /** Whether it only closes what another line has opened. */
  readonly closes: boolean;
  /** What it says, without indentation and key: `"owner"`, `{`, `],`. */
  readonly content: string;
}

const INDENT = "  ";

/** Texts are made when somebody looks: of 100,000 lines a screen shows fifty. */
class Line implements JsonLine {
  end: number | null = null;
  readonly depth: number;
  readonly name: string | number | null;
  readonly parent: number;
  readonly closes: boolean;
  readonly members: number;
  readonly #value: unknown;
  readonly #comma: string;

  constructor(
    place: { depth: number; name: string | number | null; parent: number; closes?: boolean; members?: number },
    value: unknown,
    comma: string,
  ) {
    this.depth = place.depth;
    this.name = place.name;
    this.parent = place.parent;
    this.closes = place.closes ?? false;
    this.members = place.members ?? 0;
    this.#value = value;
    this.#comma = comma;
  }

  get content(): string {
    const value = this.#value;
    if (typeof value !== "object" || value === null) return JSON.stringify(value) + this.#comma;
    const [opening, closing] = Array.isArray(value) ? "[]" : "{}";
    if (this.closes) return `${closing}${this.#comma}`;
    return this.end === null ? `${opening}${closing}${this.#comma}` : `${opening}`;
  }

  get text(): string {
    const key = typeof this.name === "string" ? `${JSON.stringify(this.name)}: ` : "";
    return INDENT.repeat(this.depth) + key + this.content;
  }
}

/**
 * A value as lines of JSON, indented by two spaces, the keys of each object in alphabetical order: equal values have equal
 * lines, whatever order they were written in.
 */
export function jsonLines(value: unknown): JsonLine[] {
  const lines: Line[] = [];
  print(value, { depth: 0, name: null, parent: -1 }, "", lines);
  return lines;
}

/** The same lines as one text. */
export function jsonText(value: unknown): string {
  return jsonLines(value)
    .map(({ text }) => text)
    .join("\n");
}

interface Place {
  readonly depth: number;
  readonly name: string | number | null;
  readonly parent: number;
}

function print(value: unknown, place: Place, comma: string, lines: Line[]): void {
  if (typeof value !== "object" || value === null) {
    lines.push(new Line(place, value, comma));
    return;
  }
  const keys = Array.isArray(value) ? null : sortedKeys(value);
  const members = keys?.length ?? (value as unknown[]).length;
  const start = new Line({ ...place, members }, value, comma);
  const parent = lines.length;
  lines.push(start);
  if (members === 0) return;
  const depth = place.depth + 1;
  for (let at = 0; at < members; at += 1) {
    const name = keys?.[at] ?? at;
    print(
      (value as Record<string | number, unknown>)[name],
      { depth, name, parent },
      at < members - 1 ? "," : "",
      lines,
    );
  }
  start.end = lines.length;
  lines.push(new Line({ depth: place.depth, name: null, parent, closes: true }, value, comma));
}

/** What the API answers is mostly in order already, and to sort 100,000 keys takes a while. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let at = 1; at < keys.length; at += 1) if ((keys[at - 1] as string) > (keys[at] as string)) return keys.sort();
  return keys;
}
