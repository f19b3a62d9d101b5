import { BlockList, isIPv6 } from "node:net";
import { type SQL, sql } from "drizzle-orm";
import type { Labels, LoggedEvent } from "./event.ts";

/**
 * Which events are wanted: all conditions hold, and in each list any value will do. An absent list is no condition; an
 * empty one matches nothing. Ids are UUIDs.
 */
export interface EventFilter {
  readonly types?: readonly string[] | null | undefined;
  readonly subjects?: readonly string[] | null | undefined;
  readonly agents?: readonly string[] | null | undefined;
  readonly tasks?: readonly string[] | null | undefined;
  readonly contexts?: readonly string[] | null | undefined;
  readonly actors?: readonly string[] | null | undefined;
  /** Caused by these requests. There is no index: give the time as well. */
  readonly correlations?: readonly string[] | null | undefined;
  /** The state that a transition of an agent or of a task led to. */
  readonly states?: readonly string[] | null | undefined;
  /** Concerning an agent that had at least these labels when it happened. */
  readonly labels?: Labels | null | undefined;
  /** At this time or later. */
  readonly after?: Date | null | undefined;
  /** Earlier than this time. */
  readonly before?: Date | null | undefined;
  /** Part of the type, the reason, the actor's name or any text in the payload. A to Z match a to z. */
  readonly search?: string | null | undefined;
  /** Leaves out what happened in contexts that are private to other agents than this one. */
  readonly reader?: string | null | undefined;
  /** Leaves out what is for the audit log only: people, their roles, sessions and keys. */
  readonly withoutPeople?: boolean | null | undefined;
  readonly projects?: readonly string[] | null | undefined;
  readonly actorKinds?: readonly string[] | null | undefined;
  /** Done with these API keys or sessions. */
  readonly credentials?: readonly string[] | null | undefined;
  /** From these IP addresses or networks. */
  readonly addresses?: readonly string[] | null | undefined;
  /** Leaves out what none of these lets through: what the reader may know of a place. */
  readonly visible?: readonly Visible[] | null | undefined;
}

/** A part of a place's events. */
export interface Visible {
  /** Types, or how they begin; null: all. */
  readonly types: readonly string[] | null;
  /** UUIDs; null: all projects, and what belongs to none. */
  readonly projects: readonly string[] | null;
}

/** The types of events about contexts begin so. Their payload says whether the context is shared; else `agentId` owns it. */
const CONTEXT_TYPES = "context.";

/** The types of events about people and their credentials begin so. */
const PEOPLE_TYPES = ["user.", "membership.", "session.", "api_key."];

/** The field of an event that names one thing which it concerns. */
export type TopicColumn = "subjectId" | "agentId" | "taskId" | "contextId";

/** Every event that the filter lets through has one of `ids` in `column`. */
export interface FilterTopics {
  readonly column: TopicColumn;
  /** Distinct UUIDs. None when the filter lets nothing through. */
  readonly ids: readonly string[];
}

/** The types of events that are transitions: `to` in their payload is the state that one led to. */
const TRANSITIONS = ["agent.transitioned", "task.transitioned"];

interface ListCondition {
  readonly values: (filter: EventFilter) => readonly string[] | null | undefined;
  /** Of `events e`. */
  readonly expression: SQL;
  readonly sqlType: "text" | "uuid";
  readonly of: (event: LoggedEvent) => string | null;
  readonly topic?: TopicColumn;
}

const LISTS: readonly ListCondition[] = [
  { values: (filter) => filter.types, expression: sql`e.type`, sqlType: "text", of: (event) => event.type },
  topic("subjectId", sql`e.subject_id`, (filter) => filter.subjects),
  topic("agentId", sql`e.agent_id`, (filter) => filter.agents),
  topic("taskId", sql`e.task_id`, (filter) => filter.tasks),
  topic("contextId", sql`e.context_id`, (filter) => filter.contexts),
  {
    values: (filter) => filter.projects,
    expression: sql`e.project_id`,
    sqlType: "uuid",
    of: (event) => event.projectId,
  },
  {
    values: (filter) => filter.actorKinds,
    expression: sql`e.actor_kind`,
    sqlType: "text",
    of: (event) => event.actorKind,
  },
  {
    values: (filter) => filter.credentials,
    expression: sql`e.credential_id`,
    sqlType: "uuid",
    of: (event) => event.credentialId,
  },
  { values: (filter) => filter.actors, expression: sql`e.actor_id`, sqlType: "uuid", of: (event) => event.actorId },
  {
    values: (filter) => filter.correlations,
    expression: sql`e.correlation_id`,
    sqlType: "text",
    of: (event) => event.correlationId,
  },
  {
    values: (filter) => filter.states,
    expression: sql`case when e.type = any(${sql.param(TRANSITIONS)}::text[]) then e.payload ->> 'to' end`,
    sqlType: "text",
    of: (event) => (TRANSITIONS.includes(event.type) ? textAt(event.payload, "to") : null),
  },
];

function topic(column: TopicColumn, expression: SQL, values: ListCondition["values"]): ListCondition {
  return { values, expression, sqlType: "uuid", of: (event) => event[column], topic: column };
}

/** Where to look for the events of a filter: by the shortest of its lists of ids; null when it names none. */
export function topicsOf(filter: EventFilter): FilterTopics | null {
  const named = LISTS.flatMap(({ topic: column, values }) => {
    const ids = column && values(filter);
    return ids ? [{ column, ids: [...new Set(ids)] }] : [];
  });
  return named.toSorted((a, b) => a.ids.length - b.ids.length)[0] ?? null;
}

/** The filter as conditions on `events e`, all of which have to hold. */
export function filterConditions(filter: EventFilter): SQL[] {
  const conditions: SQL[] = [];
  for (const { values, expression, sqlType } of LISTS) {
    const wanted = values(filter);
    // Named by `=` when there is one, so that an index by that column and id gives the events in order.
    if (wanted?.length === 1) conditions.push(sql`${expression} = ${wanted[0]}::${sql.raw(sqlType)}`);
    else if (wanted) conditions.push(sql`${expression} = any(${sql.param([...wanted])}::${sql.raw(sqlType)}[])`);
  }
  if (filter.labels) conditions.push(sql`e.labels @> ${JSON.stringify(filter.labels)}::jsonb`);
  if (filter.reader) {
    conditions.push(
      sql`(not starts_with(e.type, ${CONTEXT_TYPES}) or e.payload -> 'shared' = 'true' or e.agent_id = ${filter.reader}::uuid)`,
    );
  }
  if (filter.withoutPeople) {
    for (const prefix of PEOPLE_TYPES) conditions.push(sql`not starts_with(e.type, ${prefix})`);
  }
  if (filter.addresses) conditions.push(sql`e.address <<= any(${sql.param([...filter.addresses])}::inet[])`);
  if (filter.visible) conditions.push(anyOf(filter.visible.map(visibleCondition)));
  if (filter.after) conditions.push(sql`e.at >= ${filter.after.toISOString()}::timestamptz`);
  if (filter.before) conditions.push(sql`e.at < ${filter.before.toISOString()}::timestamptz`);
  if (filter.search) {
    // Under the collation "C", lower() folds A to Z only: the same everywhere, and the same as `fold`.
    const found = (text: SQL) => sql`position(${fold(filter.search ?? "")} in lower(${text} collate "C")) > 0`;
    conditions.push(
      sql`(${found(sql`e.type`)} or ${found(sql`coalesce(e.reason, '')`)} or ${found(sql`e.actor_name`)} or exists (
        select from jsonb_path_query(e.payload, '$.** ? (@.type() == "string")') value where ${found(sql`(value #>> '{}')`)}))`,
    );
  }
  return conditions;
}

/** The filter as a test of one event, for the live feed. Agrees with `filterConditions`. */
export function compileFilter(filter: EventFilter): (event: LoggedEvent) => boolean {
  const tests: ((event: LoggedEvent) => boolean)[] = [];
  for (const { values, of } of LISTS) {
    const wanted = values(filter);
    if (!wanted) continue;
    const set = new Set(wanted);
    tests.push((event) => {
      const value = of(event);
      return value !== null && set.has(value);
    });
  }
  if (filter.labels) {
    const wanted = Object.entries(filter.labels);
    tests.push(({ labels }) => isObject(labels) && wanted.every(([name, value]) => textAt(labels, name) === value));
  }
  const { reader } = filter;
  if (reader) {
    tests.push(
      ({ type, payload, agentId }) => !type.startsWith(CONTEXT_TYPES) || isShared(payload) || agentId === reader,
    );
  }
  if (filter.withoutPeople) tests.push(({ type }) => !PEOPLE_TYPES.some((prefix) => type.startsWith(prefix)));
  if (filter.addresses) {
    const within = inNetworks(filter.addresses);
    tests.push(({ address }) => address !== null && within(address));
  }
  const { visible } = filter;
  if (visible) tests.push((event) => visible.some((part) => isVisible(part, event)));
  // Events carry whole milliseconds, rounded down; as the bounds are whole milliseconds too, that changes no answer.
  const [from, until] = [filter.after?.getTime(), filter.before?.getTime()];
  if (from !== undefined) tests.push((event) => event.at.getTime() >= from);
  if (until !== undefined) tests.push((event) => event.at.getTime() < until);
  if (filter.search) {
    const search = fold(filter.search);
    const found = (text: string) => fold(text).includes(search);
    tests.push(
      (event) =>
        found(event.type) || found(event.reason ?? "") || found(event.actorName) || anyText(event.payload, found),
    );
  }
  return (event) => tests.every((test) => test(event));
}

function visibleCondition({ types, projects }: Visible): SQL {
  const ofTypes = types ? anyOf(types.map((type) => sql`starts_with(e.type, ${type})`)) : sql`true`;
  const ofProjects = projects
    ? sql`coalesce(e.project_id = any(${sql.param([...projects])}::uuid[]), false)`
    : sql`true`;
  return sql`(${ofTypes} and ${ofProjects})`;
}

function isVisible({ types, projects }: Visible, event: LoggedEvent): boolean {
  const ofType = types === null || types.some((type) => event.type.startsWith(type));
  return ofType && (projects === null || (event.projectId !== null && projects.includes(event.projectId)));
}

function anyOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`false` : sql`(${sql.join([...conditions], sql` or `)})`;
}

/** Whether an address is in one of these networks. Each kind by itself: for Node, an IPv4 address is an IPv6 one as well. */
function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of networks) {
    const [address = "", length] = text.split("/");
    const family = familyOf(address);
    if (length === undefined) lists[family].addAddress(address, family);
    else lists[family].addSubnet(address, Number(length), family);
  }
  return (address) => lists[familyOf(address)].check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function isShared(payload: unknown): boolean {
  return isObject(payload) && payload["shared"] === true;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text that a JSON object has under a name; null when there is none. */
function textAt(value: unknown, name: string): string | null {
  const found = isObject(value) ? value[name] : null;
  return typeof found === "string" ? found : null;
}

function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function anyText(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === "string") return test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((part) => anyText(part, test));
}
