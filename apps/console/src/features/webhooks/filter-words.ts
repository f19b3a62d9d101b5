import type { FilterFactsFragment } from "#api/generated/graphql.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

export type Filter = Omit<FilterFactsFragment, "__typename" | " $fragmentName">;

const LOOKS: Readonly<Record<string, { readonly word: string }>> = { ...TASK_STATES, ...AGENT_STATES };
/** More than these are only counted. */
const MOST_NAMED = 3;

/** A state as people call it: "Error". What is new here is told as it is. */
export function stateWord(state: string): string {
  return LOOKS[state]?.word ?? state;
}

/** What a webhook is sent, in pieces of a sentence: "agent.transitioned", "to Error or Failed", "of 2 agents". */
export function filterWords(filter: Filter): string[] {
  const { types, states, agents, tasks, contexts, subjects, actors, search } = filter;
  const words = [
    types?.length ? either(types) : null,
    states?.length ? `to ${either(states.map(stateWord))}` : null,
    counted("of", agents, "agent"),
    counted("of", tasks, "task"),
    counted("of", contexts, "context"),
    counted("about", subjects, "subject"),
    counted("caused by", actors, "actor"),
    ...labelTexts(filter.labels).map((label) => `labelled ${label}`),
    search ? `with “${search}”` : null,
  ].filter((word) => word !== null);
  return types?.length ? words : ["all events", ...words];
}

/** Labels as people write them: "team=core". */
export function labelTexts(labels: unknown): string[] {
  if (typeof labels !== "object" || labels === null) return [];
  return Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`);
}

function either(items: readonly string[]): string {
  const named = items.slice(0, MOST_NAMED);
  const more = items.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}

function counted(relation: string, ids: readonly string[] | null, what: string): string | null {
  if (!ids?.length) return null;
  return `${relation} ${ids.length} ${what}${ids.length === 1 ? "" : "s"}`;
}
