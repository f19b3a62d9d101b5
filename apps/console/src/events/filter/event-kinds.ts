import { EVENT_TYPES } from "#events/event-types.ts";

/** Kinds of events that a list shows or hides: a name for the address, a word for the screen, and the API's types. */
export interface EventKind {
  readonly name: string;
  readonly word: string;
  readonly types: readonly string[];
}

const MOVES: readonly string[] = EVENT_TYPES.agents.filter((type) => !/updated|rolled_back|key_rotated/.test(type));

/** What can be in an agent's timeline. */
export const AGENT_KINDS: readonly EventKind[] = [
  { name: "transitions", word: "Transitions", types: MOVES },
  { name: "tasks", word: "Tasks", types: EVENT_TYPES.tasks },
  { name: "contexts", word: "Contexts", types: EVENT_TYPES.contexts },
  { name: "other", word: "Other", types: EVENT_TYPES.agents.filter((type) => !MOVES.includes(type)) },
];

/** What can be in a project's log. */
export const PROJECT_KINDS: readonly EventKind[] = [
  { name: "agents", word: "Agents", types: EVENT_TYPES.agents },
  { name: "tasks", word: "Tasks", types: EVENT_TYPES.tasks },
  { name: "contexts", word: "Contexts", types: EVENT_TYPES.contexts },
  { name: "workflows", word: "Workflows", types: EVENT_TYPES.workflows },
  { name: "schedules", word: "Schedules", types: EVENT_TYPES.schedules },
  { name: "queues", word: "Queues", types: EVENT_TYPES.queues },
  { name: "jobs", word: "Bulk jobs", types: EVENT_TYPES.bulkJobs },
  { name: "webhooks", word: "Webhooks", types: EVENT_TYPES.webhooks },
  { name: "definitions", word: "Definitions", types: EVENT_TYPES.definitions },
  { name: "project", word: "Project", types: EVENT_TYPES.project },
  {
    name: "identity",
    word: "People and keys",
    types: [...EVENT_TYPES.signIns, ...EVENT_TYPES.people, ...EVENT_TYPES.roles, ...EVENT_TYPES.keys],
  },
];

/** What can be in an audit log: who may do what first, then all that was done. */
export const AUDIT_KINDS: readonly EventKind[] = [
  { name: "sign-ins", word: "Sign-ins", types: EVENT_TYPES.signIns },
  { name: "people", word: "People", types: EVENT_TYPES.people },
  { name: "roles", word: "Roles", types: EVENT_TYPES.roles },
  { name: "keys", word: "Keys", types: [...EVENT_TYPES.keys, "agent.key_rotated"] },
  ...PROJECT_KINDS.filter(({ name }) => name !== "identity"),
];

/** The names of the kinds that an address names; none means all. A single type of event may stand there as well. */
export function namesIn(text: string | null | undefined): readonly string[] {
  return text ? text.split(",").filter((name) => name !== "") : [];
}

/** What to ask the API for; null is every type there is, also those that are new here. */
export function typesOf(kinds: readonly EventKind[], names: readonly string[]): string[] | null {
  if (names.length === 0) return null;
  const types = names.flatMap(
    (name) => kinds.find((kind) => kind.name === name)?.types ?? (name.includes(".") ? name : []),
  );
  return types.length === 0 ? null : types;
}

/** The names after a kind was pressed. All of them are the same as none. */
export function pressed(kinds: readonly EventKind[], names: readonly string[], { name }: EventKind): readonly string[] {
  const next = names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
  const listed = kinds.filter((kind) => next.includes(kind.name)).map((kind) => kind.name);
  return listed.length === kinds.length ? [] : listed;
}
