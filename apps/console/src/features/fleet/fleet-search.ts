import type { AgentFilter, AgentState } from "#api/generated/graphql.ts";
import type { SearchTerm } from "#features/fleet/search-language.ts";

/** What a search asks the API for. */
export interface FleetSearch {
  readonly filter: AgentFilter;
  /** What of it cannot be looked for; it is left out. */
  readonly problems: readonly string[];
  /** False while it is not known yet what a definition's slug stands for. */
  readonly ready: boolean;
}

/** An id that no definition has: of a slug that there is not, no agent can be. */
const NO_DEFINITION = "def_00000000000000000000000000";

/** The API's filter for terms and states. `definitions`: ids by slug; undefined while they are not known. */
export function filterOf(
  terms: readonly SearchTerm[],
  states: readonly AgentState[],
  definitions: ReadonlyMap<string, string> | undefined,
): FleetSearch {
  const problems: string[] = [];
  const texts: string[] = [];
  const capabilities: string[] = [];
  const labels: Record<string, string> = {};
  let ready = true;
  let definition: string | undefined;
  let definitionVersion: number | undefined;
  for (const term of terms) {
    switch (term.kind) {
      case "text":
        if (term.text !== "") texts.push(term.text);
        break;
      case "capability":
        capabilities.push(term.name);
        break;
      case "label":
        labels[term.name] = term.value;
        break;
      case "version":
        definitionVersion = term.number;
        break;
      case "definition":
        if (definition !== undefined) problems.push("An agent has one definition: only the last one counts.");
        definition = definitions?.get(term.slug) ?? NO_DEFINITION;
        if (!definitions) ready = false;
        else if (!definitions.has(term.slug)) problems.push(`No definition is called “${term.slug}”.`);
        break;
      case "wrong":
        problems.push(term.problem);
        break;
      case "state":
        break;
    }
  }
  return {
    problems,
    ready,
    filter: {
      ...(states.length > 0 && { states: [...states] }),
      ...(texts.length > 0 && { search: texts.join(" ") }),
      ...(capabilities.length > 0 && { capabilities }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(definition !== undefined && { definition }),
      ...(definitionVersion !== undefined && { definitionVersion }),
    },
  };
}
