/**
 * How a value of any type is written in a box of one line: texts as they are, the rest as JSON. A text that would read as JSON
 * stands in quotes, so that each value reads back as itself.
 */
export function anyText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string" && value !== "" && "text" in readAny(value)) return value;
  return JSON.stringify(value);
}

export type AnyRead = { readonly value: unknown } | { readonly text: string } | { readonly broken: true };

/** What such a text says: JSON, a plain text, or JSON that does not end. */
export function readAny(text: string): AnyRead {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return /^\s*[[{"]/.test(text) ? { broken: true } : { text };
  }
}
