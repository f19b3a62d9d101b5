/** What is wrong with a JSON text, and on which line, from 1. */
export interface JsonProblem {
  readonly line: number;
  readonly message: string;
}

const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const WORD = /(?:true|false|null)\b/y;

class Broken extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * The first thing that is wrong with a JSON text, as a sentence; null when nothing is. Browsers say it in their own words, some
 * of them without a place.
 */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const at = firstBroken(text);
    if (at === null) return { line: 1, message: (error as Error).message };
    return { line: text.slice(0, at.at).split("\n").length, message: at.message };
  }
}

function firstBroken(text: string): Broken | null {
  try {
    const end = skip(text, SPACE, member(text, 0, 0)) ?? text.length;
    return end < text.length ? new Broken(end, "Nothing may follow the value.") : null;
  } catch (error) {
    if (error instanceof Broken) return error;
    throw error;
  }
}

/** Reads a value from `from`; answers where it ends. */
function member(text: string, from: number, depth: number): number {
  const at = skip(text, SPACE, from) ?? from;
  const first = text[at];
  if (first === undefined) throw new Broken(lastOf(text), "A value is missing at the end.");
  if (depth > 500) throw new Broken(at, "It is nested too deep.");
  if (first === "{" || first === "[") return members(text, at, depth);
  if (first === '"') return textOf(text, at);
  const end = skip(text, NUMBER, at) ?? skip(text, WORD, at);
  if (end !== null) return end;
  if (first === "'") throw new Broken(at, "Texts stand in double quotes.");
  if (first === "," || first === "}" || first === "]") throw new Broken(at, `A value is missing before ${first}`);
  throw new Broken(at, "This is no value. Texts stand in double quotes.");
}

function members(text: string, start: number, depth: number): number {
  const [object, closing] = [text[start] === "{", text[start] === "{" ? "}" : "]"];
  let at = skip(text, SPACE, start + 1) ?? start + 1;
  if (text[at] === closing) return at + 1;
  for (;;) {
    if (object) {
      if (text[at] === undefined) throw new Broken(lastOf(text), `${closing} is missing at the end.`);
      if (text[at] !== '"') throw new Broken(at, "A name in double quotes has to stand here.");
      at = skip(text, SPACE, textOf(text, at)) ?? at;
      if (text[at] !== ":") throw new Broken(at, "A colon has to stand between a name and its value.");
      at += 1;
    }
    const end = member(text, at, depth + 1);
    at = skip(text, SPACE, end) ?? end;
    if (text[at] === closing) return at + 1;
    if (text[at] === undefined) throw new Broken(lastOf(text), `${closing} is missing at the end.`);
    if (text[at] !== ",") throw new Broken(end, `A comma or ${closing} is missing after this.`);
    at = skip(text, SPACE, at + 1) ?? at + 1;
    if (text[at] === closing) throw new Broken(at, `No comma may stand before ${closing}`);
  }
}

function textOf(text: string, at: number): number {
  const end = skip(text, TEXT, at);
  if (end === null) throw new Broken(at, "This text does not end, or holds what has to be escaped.");
  return end;
}

function skip(text: string, pattern: RegExp, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : null;
}

const lastOf = (text: string) => text.trimEnd().length;
