import type { ContextView } from "#routes.ts";

const NUMBER = /^[1-9]\d{0,9}$/;
const PAIR = /^([1-9]\d{0,9})\.\.([1-9]\d{0,9})$/;

/** What the address says to show: `?version=7`, or `?compare=5..7`, which comes first. What cannot be read counts as nothing. */
export function viewIn(search: { get(name: string): string | null }): ContextView {
  const pair = PAIR.exec(search.get("compare") ?? "");
  if (pair) return { compare: { from: Number(pair[1]), to: Number(pair[2]) } };
  const version = search.get("version") ?? "";
  return NUMBER.test(version) ? { version: Number(version) } : {};
}
