import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EVENT_COLUMNS, type LoggedEvent } from "./event.ts";
import { compileFilter, type EventFilter, filterConditions } from "./filter.ts";

const uuids = Array.from({ length: 4 }, (_, at) => `00000000-0000-4000-8000-00000000000${at}`);
const types = [
  "agent.transitioned",
  "task.transitioned",
  "Context.Opened",
  "context.opened",
  "context.version_written",
];
const texts = ["Deploy", "deploy %_\\", "ÉCOLE école", "İi ıI ß SS", "quo\"te's", "a\tb\nc", "😀", ""];
const text = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ maxLength: 6 }).filter((value) => !value.includes("\0")),
);
const time = fc.integer({ min: 0, max: 5_000_000 }).map((micros) => ({ micros }));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const someEvent = fc.record({
  type: fc.constantFrom(...types),
  subjectId: fc.constantFrom(...uuids),
  agentId: maybe(fc.constantFrom(...uuids)),
  taskId: maybe(fc.constantFrom(...uuids)),
  contextId: maybe(fc.constantFrom(...uuids)),
  actorId: maybe(fc.constantFrom(...uuids)),
  actorName: text,
  reason: maybe(text),
  payload: fc.oneof(
    fc.record({ error: text, deep: fc.record({ list: fc.array(text, { maxLength: 2 }) }) }),
    fc.constant({ Deploy: 1, flag: true, nothing: null }),
    fc.record({ shared: fc.constantFrom(true, false, "true", 1, null) }),
  ),
  at: time,
});

const list = <Value>(...values: Value[]) => maybe(fc.subarray(values));
const filters: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: list(...types),
    subjects: list(...uuids),
    agents: list(...uuids),
    tasks: list(...uuids),
    contexts: list(...uuids),
    actors: list(...uuids),
    after: maybe(fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(ms))),
    before: maybe(fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(ms))),
    reader: maybe(fc.constantFrom(...uuids)),
    search: maybe(fc.oneof(text, fc.constantFrom("dep", "DEPLOY", "école", "i", "transition", "1", "true"))),
  },
  { requiredKeys: [] },
);

let place: TestDatabase;
let database: Database;
let events: LoggedEvent[];
beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, connections: 2 });
  for (const event of fc.sample(someEvent, 200)) {
    await database.query(sql`
      insert into events (type, subject_id, subject_version, agent_id, task_id, context_id, actor_kind, actor_id, actor_name, reason, payload, at)
      values (${event.type}, ${event.subjectId}, 1, ${event.agentId}, ${event.taskId}, ${event.contextId}, 'AGENT', ${event.actorId},
        ${event.actorName}, ${event.reason}, ${JSON.stringify(event.payload)},
        timestamptz 'epoch' + ${event.at.micros} * interval '1 microsecond')`);
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
      const conditions = [sql`true`, ...filterConditions(filter)];
      const rows = await database.query<{ id: string }>(
        sql`select e.id::text as id from events e where ${sql.join(conditions, sql` and `)} order by e.id`,
      );
      found += rows.length;
      const live = events.filter(compileFilter(filter)).map((event) => event.id);
      expect(live).toEqual(rows.map((row) => row.id));
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(0);
});
