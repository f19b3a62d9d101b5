/** "labels, max concurrency": names of fields as words. */
export function enumeration(items: readonly (string | number)[]): string {
  return items.map((item) => (typeof item === "string" ? spaced(item) : String(item))).join(", ");
}

/** "max_concurrency" and "maxConcurrency" as "max concurrency". */
function spaced(name: string): string {
  return name
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}
