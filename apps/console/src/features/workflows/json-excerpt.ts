const MOST_CHARACTERS = 2_000;

/** A value as JSON to read, or its beginning. */
export function jsonExcerpt(value: unknown): { readonly text: string; readonly cut: boolean } {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return text.length <= MOST_CHARACTERS
    ? { text, cut: false }
    : { text: `${text.slice(0, MOST_CHARACTERS)}…`, cut: true };
}
