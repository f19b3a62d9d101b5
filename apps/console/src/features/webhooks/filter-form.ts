import type { WebhookFilterInput } from "#api/generated/graphql.ts";
import { type Filter, labelTexts } from "#features/webhooks/filter-words.ts";

/** The conditions that are lists, each by itself in the form. */
export type ListCondition = "types" | "states" | "agents" | "contexts" | "tasks" | "subjects" | "actors" | "labels";

/** A filter while it is edited: an empty list, or an empty text, is no condition. */
export type FilterForm = Readonly<Record<ListCondition, readonly string[]>> & { readonly search: string };

export const NO_CONDITION: FilterForm = {
  types: [],
  states: [],
  agents: [],
  contexts: [],
  tasks: [],
  subjects: [],
  actors: [],
  labels: [],
  search: "",
};

export function formOf(filter: Filter): FilterForm {
  return {
    types: filter.types ?? [],
    states: filter.states ?? [],
    agents: filter.agents ?? [],
    contexts: filter.contexts ?? [],
    tasks: filter.tasks ?? [],
    subjects: filter.subjects ?? [],
    actors: filter.actors ?? [],
    labels: labelTexts(filter.labels),
    search: filter.search ?? "",
  };
}

/** The filter as the API takes it, without the conditions that are empty. */
export function filterOf({ labels, search, ...lists }: FilterForm): WebhookFilterInput {
  const given = Object.entries(lists).filter(([, values]) => values.length > 0);
  return {
    ...Object.fromEntries(given.map(([name, values]) => [name, [...values]])),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(labelParts)) }),
    ...(search.trim() !== "" && { search: search.trim() }),
  };
}

/** "team=core" when a text is a label, else null. What stands before the first = is the name. */
export function labelIn(text: string): string | null {
  const [name, value] = labelParts(text.trim());
  return name === "" || value === "" ? null : `${name}=${value}`;
}

/** The labels with one more; of a name there is one value, the last. */
export function withOneValueEach(labels: readonly string[]): string[] {
  return [...new Map(labels.map((label) => [labelParts(label)[0], label])).values()];
}

function labelParts(label: string): [name: string, value: string] {
  const at = label.indexOf("=");
  return at === -1 ? ["", ""] : [label.slice(0, at).trim(), label.slice(at + 1).trim()];
}
