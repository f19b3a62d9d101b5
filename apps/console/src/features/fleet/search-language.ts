import type { AgentState } from "#api/generated/graphql.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

/** What a part of a search says; the last kind is what cannot be understood. */
export type SearchTerm =
  | { readonly kind: "text"; readonly raw: string; readonly text: string }
  | { readonly kind: "capability"; readonly raw: string; readonly name: string }
  | { readonly kind: "label"; readonly raw: string; readonly name: string; readonly value: string }
  | { readonly kind: "definition"; readonly raw: string; readonly slug: string }
  | { readonly kind: "version"; readonly raw: string; readonly number: number }
  | { readonly kind: "state"; readonly raw: string; readonly state: AgentState }
  | { readonly kind: "wrong"; readonly raw: string; readonly problem: string };

/** `capability:test label:team=core "part of a name"`: words and what stands in quotes, each a term of its own. */
export function searchTerms(search: string): SearchTerm[] {
  return (search.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []).map(termOf);
}

/** Whether it stands as a chip; text stays in the box. */
export function isChip({ kind }: SearchTerm): boolean {
  return kind !== "text";
}

/** A search put together from its terms again. */
export function searchText(terms: readonly Pick<SearchTerm, "raw">[]): string {
  return terms.map(({ raw }) => raw).join(" ");
}

const unquoted = (text: string) => text.replaceAll('"', "").trim();

function termOf(raw: string): SearchTerm {
  const [, key = "", rest = ""] = /^([a-z]+):(.*)$/is.exec(raw) ?? [];
  if (key === "") return { kind: "text", raw, text: unquoted(raw) };
  const wrong = (problem: string): SearchTerm => ({ kind: "wrong", raw, problem });
  const value = unquoted(rest);
  const name = key.toLowerCase();
  if (value === "" && KEYS.has(name)) return wrong(`Say which ${name}, as in ${EXAMPLES[name]}.`);
  switch (name) {
    case "capability":
      return { kind: "capability", raw, name: value };
    case "definition":
      return { kind: "definition", raw, slug: value };
    case "version": {
      const number = Number(value.replace(/^v/i, ""));
      if (!Number.isSafeInteger(number) || number < 1) return wrong("A version is a number, as in version:3.");
      return { kind: "version", raw, number };
    }
    case "label": {
      const at = value.indexOf("=");
      if (at < 1) return wrong("A label has a name and a value, as in label:team=core.");
      return { kind: "label", raw, name: value.slice(0, at).trim(), value: value.slice(at + 1).trim() };
    }
    case "state": {
      const state = (Object.keys(AGENT_STATES) as AgentState[]).find((each) => each === value.toUpperCase());
      return state ? { kind: "state", raw, state } : wrong(`There is no state “${value}”.`);
    }
    default:
      return wrong(`“${key}:” cannot be searched for. Use ${[...KEYS].join(", ")}; put a name with a colon in quotes.`);
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  capability: "capability:test",
  label: "label:team=core",
  definition: "definition:builder",
  version: "version:3",
  state: "state:error",
};
const KEYS: ReadonlySet<string> = new Set(Object.keys(EXAMPLES));
