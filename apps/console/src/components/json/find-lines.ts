import type { JsonLine } from "#components/json/json-lines.ts";

/** More are not looked for. */
export const MOST_FOUND = 10_000;

/** Which lines have a text in their key or value, in any case. Nothing is found by nothing. */
export function findLines(lines: readonly JsonLine[], search: string): number[] {
  const sought = search.toLowerCase();
  const found: number[] = [];
  if (sought === "") return found;
  for (let at = 0; at < lines.length && found.length < MOST_FOUND; at += 1) {
    const line = lines[at] as JsonLine;
    if (!line.closes && line.text.trimStart().toLowerCase().includes(sought)) found.push(at);
  }
  return found;
}

/** A text in parts: what was sought, and what stands between, so that it can be marked. */
export function markedParts(text: string, search: string): { readonly text: string; readonly found: boolean }[] {
  const [whole, sought] = [text.toLowerCase(), search.toLowerCase()];
  // Some letters change their length with their case: those are not marked, rather than wrongly.
  if (sought === "" || whole.length !== text.length) return [{ text, found: false }];
  const parts: { text: string; found: boolean }[] = [];
  let from = 0;
  for (let at = whole.indexOf(sought); at >= 0; at = whole.indexOf(sought, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), found: false });
    parts.push({ text: text.slice(at, at + sought.length), found: true });
    from = at + sought.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), found: false });
  return parts;
}
