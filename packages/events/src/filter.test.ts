import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EVENT_COLUMNS, type LoggedEvent } from "./event.ts";
import { compileFilter, type EventFilter, filterConditions, topicsOf } from "./filter.ts";

const uuids = Array.from({ length: 4 }, (_, at) => `00000000-0000-4000-8000-00000000000${at}`);
const types = [
  "agent.transitioned",
  "task.transitioned",
  "Context.Opened",
  "context.opened",
  "context.version_written",
  "membership.granted",
  "user.signed_in",
  "Session.ended",
];
const texts = ["Deploy", "deploy %_\\", "ÉCOLE école", "İi ıI ß SS", "quo\"te's", "a\tb\nc", "😀", ""];
const text = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ maxLength: 6 }).filter((value) => !value.includes("\0")),
);
const time = fc.integer({ min: 0, max: 5_000_000 }).map((micros) => ({ micros }));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const states = ["ONLINE", "QUEUED", "FAILED"];
const names = ["tier", "É😀", "__proto__", "constructor", "0", ""];
const label = fc.constantFrom("front", "Front", "1", "é", "e\u0301", "😀", "");

/** Objects of texts, also with names that mean something in JavaScript. */
const someLabels = (value: fc.Arbitrary<unknown>) =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 })
    .map((entries) =>
      JSON.parse(`{${entries.map((entry) => entry.map((part) => JSON.stringify(part)).join(":")).join()}}`),
    );

const someEvent = fc.record({
  type: fc.constantFrom(...types),
  subjectId: fc.constantFrom(...uuids),
  agentId: maybe(fc.constantFrom(...uuids)),
  taskId: maybe(fc.constantFrom(...uuids)),
  contextId: maybe(fc.constantFrom(...uuids)),
  actorId: maybe(fc.constantFrom(...uuids)),
  actorName: text,
  reason: maybe(text),
  correlationId: maybe(fc.constantFrom(...texts)),
  payload: fc.oneof(
    fc.record({ error: text, deep: fc.record({ list: fc.array(text, { maxLength: 2 }) }) }),
    fc.constant({ Deploy: 1, flag: true, nothing: null }),
    fc.record({ shared: fc.constantFrom(true, false, "true", 1, null) }),
    fc.record({
      to: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...states) }, fc.constantFrom(null, 1, [states[0]])),
    }),
    fc.constantFrom([], ["to"], "ONLINE"),
  ),
  // Also what no agent has: the two must not differ even then.
  labels: maybe(
    fc.oneof(
      { weight: 5, arbitrary: someLabels(label) },
      someLabels(fc.oneof(label, fc.constantFrom(null, 1, ["front"], { tier: "front" }))),
      fc.constantFrom([], ["front"], ["tier", "front"], "front", 1, null),
    ),
  ),
  at: time,
  projectId: maybe(fc.constantFrom(...uuids)),
  actorKind: fc.constantFrom("AGENT", "USER", "SYSTEM"),
  credentialId: maybe(fc.constantFrom(...uuids)),
  address: maybe(fc.constantFrom("10.1.2.3", "10.1.3.3", "192.168.0.1", "::1", "2001:db8::7")),
});

const list = <Value>(...values: Value[]) => maybe(fc.subarray(values));
const conditions = {
  types: list(...types),
  subjects: list(...uuids),
  agents: list(...uuids),
  tasks: list(...uuids),
  contexts: list(...uuids),
  actors: list(...uuids),
  correlations: list(...texts),
  states: list(...states),
  labels: maybe(someLabels(label) as fc.Arbitrary<Record<string, string>>),
  after: maybe(fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(ms))),
  before: maybe(fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(ms))),
  reader: maybe(fc.constantFrom(...uuids)),
  withoutPeople: maybe(fc.boolean()),
  projects: list(...uuids),
  actorKinds: list("AGENT", "USER", "SYSTEM"),
  credentials: list(...uuids),
  addresses: list("10.1.2.3", "10.1.2.9/16", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1", "192.168.0.1/32"),
  visible: maybe(
    fc.array(fc.record({ types: list(...types, "context.", "task.", ""), projects: list(...uuids) }), { maxLength: 2 }),
  ),
  search: maybe(fc.oneof(text, fc.constantFrom("dep", "DEPLOY", "école", "i", "transition", "1", "true"))),
};
/** Of many conditions at once, which few events meet, and of one each. */
const filters: fc.Arbitrary<EventFilter> = fc.oneof(
  fc.record(conditions, { requiredKeys: [] }),
  ...Object.entries(conditions).map(([name, condition]) => fc.record({ [name]: condition as fc.Arbitrary<unknown> })),
);

let place: TestDatabase;
let database: Database;
let events: LoggedEvent[];
beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, connections: 2 });
  for (const event of fc.sample(someEvent, 300)) {
    await database.query(sql`
      insert into events (type, subject_id, subject_version, agent_id, task_id, context_id, actor_kind, actor_id, actor_name, reason, correlation_id, payload, labels, at,
        project_id, credential_id, address)
      values (${event.type}, ${event.subjectId}, 1, ${event.agentId}, ${event.taskId}, ${event.contextId}, ${event.actorKind}, ${event.actorId},
        ${event.actorName}, ${event.reason}, ${event.correlationId}, ${JSON.stringify(event.payload)},
        ${event.labels === null ? null : JSON.stringify(event.labels)},
        timestamptz 'epoch' + ${event.at.micros} * interval '1 microsecond',
        ${event.projectId}, ${event.credentialId}, ${event.address}::inet)`);
  }
  events = await database.query<LoggedEvent>(sql`select ${EVENT_COLUMNS} from events e order by e.id`);
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

it("finds in the database exactly what it lets through live", async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const where = [sql`true`, ...filterConditions(filter)];
      const rows = await database.query<{ id: string }>(
        sql`select e.id::text as id from events e where ${sql.join(where, sql` and `)} order by e.id`,
      );
      found += rows.length;
      const live = events.filter(compileFilter(filter)).map((event) => event.id);
      expect(live).toEqual(rows.map((row) => row.id));
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(0);
});

it("finds every event that it lets through under one of the filter's topics", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const topics = topicsOf(filter);
      const lists = [filter.subjects, filter.agents, filter.tasks, filter.contexts].filter(
        (ids) => ids !== null && ids !== undefined,
      );
      expect(topics?.ids.length).toBe(lists.length === 0 ? undefined : Math.min(...lists.map((ids) => ids.length)));
      for (const event of events.filter(compileFilter(filter))) {
        if (topics) expect(topics.ids).toContain(event[topics.column]);
      }
    }),
  );
  const [id = ""] = uuids;
  expect(topicsOf({ tasks: uuids, agents: [id, id] })).toEqual({ column: "agentId", ids: [id] });
  expect(topicsOf({ types, actors: [id], states, search: id })).toBeNull();
});
