import { numberText } from "#components/number-text.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import type { BulkSubject } from "#bulk/bulk-request.ts";

/** One thing that had to hold of those that were chosen. */
export interface FilterFact {
  readonly name: string;
  readonly text: string;
}

const NAMES: Readonly<Record<string, string>> = {
  ids: "Chosen by hand",
  states: "State",
  agent: "Agent",
  kinds: "Kind",
  queue: "Queue",
  workflow: "Workflow",
  schedule: "Schedule",
  concurrencyKey: "Concurrency key",
  rateLimitKey: "Rate limit",
  errorKinds: "Error",
  search: "Search",
  createdAfter: "Created after",
  createdBefore: "Created before",
  finishedAfter: "Ended after",
  finishedBefore: "Ended before",
  runBefore: "Due before",
  replayed: "Run again already",
  capabilities: "Capabilities",
  definition: "Definition",
  definitionSlug: "Definition",
  definitionVersion: "Definition version",
  labels: "Labels",
  available: "Free for work",
};

/** The filter of a job in words; nothing when it was for all of the project. */
export function filterFacts(what: BulkSubject["what"], filter: unknown): FilterFact[] {
  if (typeof filter !== "object" || filter === null) return [];
  return Object.entries(filter).map(([field, value]) => ({
    name: NAMES[field] ?? field,
    text: textOf(what, field, value),
  }));
}

function textOf(what: BulkSubject["what"], field: string, value: unknown): string {
  if (field === "ids" && Array.isArray(value))
    return `${numberText(value.length)} ${value.length === 1 ? what.slice(0, -1) : what}`;
  if (field === "states" && Array.isArray(value)) return anyOf(value.map((state) => wordOf(what, String(state))));
  if (field === "capabilities" && Array.isArray(value)) return value.join(" and ");
  if (field === "labels" && typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, label]) => `${name}=${String(label)}`)
      .join(", ");
  }
  if (Array.isArray(value)) return anyOf(value.map(String));
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

function anyOf(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.join(" or ");
}

function wordOf(what: BulkSubject["what"], state: string): string {
  const looks: Readonly<Record<string, { readonly word: string } | undefined>> =
    what === "agents" ? AGENT_STATES : TASK_STATES;
  return looks[state]?.word ?? state;
}
