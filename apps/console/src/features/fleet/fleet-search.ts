import type { AgentFilter, AgentState } from "#api/generated/graphql.ts";
import type { SearchTerm } from "#features/fleet/search-language.ts";

/** What a search asks the API for. */
export interface FleetSearch {
  readonly filter: AgentFilter;
  /** What of it cannot be looked for; it is left out. */
  readonly problems: readonly string[];
}

/** The API's filter for terms and states. */
export function filterOf(terms: readonly SearchTerm[], states: readonly AgentState[]): FleetSearch {
  const problems: string[] = [];
  const texts: string[] = [];
  const capabilities: string[] = [];
  const labels: Record<string, string> = {};
  let definitionSlug: string | undefined;
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
        if (definitionSlug !== undefined) problems.push("An agent has one definition: only the last one counts.");
        definitionSlug = term.slug;
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
    filter: {
      ...(states.length > 0 && { states: [...states] }),
      ...(texts.length > 0 && { search: texts.join(" ") }),
      ...(capabilities.length > 0 && { capabilities }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(definitionSlug !== undefined && { definitionSlug }),
      ...(definitionVersion !== undefined && { definitionVersion }),
    },
  };
}
