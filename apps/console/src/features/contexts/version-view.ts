import type { ActorKind } from "#api/generated/graphql.ts";
import type { ContextView } from "#routes.ts";

const NUMBER = /^[1-9]\d{0,9}$/;
const PAIR = /^([1-9]\d{0,9})\.\.([1-9]\d{0,9})$/;
const VERSION_ID = /^ctx_[0-9a-z]{1,40}@[1-9]\d{0,9}$/;
/** In an address, the path of the whole data: a JSON Pointer is never like that. */
const WHOLE = "whole";

/** How a comparison reads. */
export const MODES = { unified: "Unified", split: "Split", tree: "Tree", patch: "Patch" } as const;
export type Mode = keyof typeof MODES;

/** What a list of versions can be narrowed to, besides authors and words. */
export const ONLY = { held: "Held", pinned: "Pinned", rollbacks: "Rollbacks" } as const;
/** Authors by what they are. */
export const AUTHORS = { agents: "AGENT", keys: "API_KEY", people: "USER", muster: "SYSTEM" } as const satisfies Record<
  string,
  ActorKind
>;

/**
 * What the address says to show: `?version=7`, `?compare=5..7`, `?with=ctx_…@3&version=7` or `?history=/plan`; then how, and
 * which versions are listed. What cannot be read counts as nothing.
 */
export function viewIn(search: { get(name: string): string | null }): ContextView {
  const read = (name: string) => search.get(name) ?? "";
  const pair = PAIR.exec(read("compare"));
  const rest = {
    ...given("mode", Object.hasOwn(MODES, read("mode")) && read("mode")),
    ...given("full", read("full") === "1" && "1"),
    ...given("message", read("message").trim()),
    ...given("author", read("author")),
    ...given("only", Object.hasOwn(ONLY, read("only")) && read("only")),
  };
  if (pair) return { compare: { from: Number(pair[1]), to: Number(pair[2]) }, ...rest };
  const version = NUMBER.test(read("version")) ? { version: Number(read("version")) } : {};
  const history = read("history");
  if (history !== "") return { history, ...rest };
  return { ...version, ...given("with", VERSION_ID.test(read("with")) && read("with")), ...rest };
}

/** The part that stays when something else is shown: how comparisons read, and what is listed. */
export function keptOf({ mode, full, message, author, only }: ContextView): ContextView {
  return { mode, full, message, author, only };
}

/** The path whose history an address asks for, as a JSON Pointer; and back. */
export function pointerIn(history: string): string {
  return history === WHOLE ? "" : history;
}
export function historyOf(pointer: string): string {
  return pointer === "" ? WHOLE : pointer;
}

function given<Name extends string>(name: Name, value: string | false): Partial<Record<Name, string>> {
  return value ? ({ [name]: value } as Record<Name, string>) : {};
}
