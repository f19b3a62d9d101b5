import type { Json } from "@muster/domain/json.ts";
import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { verifyContext } from "./verify-context.ts";
import { exactTime, versionHash } from "../versions/version-hash.ts";
import { getVersionData } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** Long enough that versions are stored as patches. */
const TEXT = "a text that never changes, so that patches are worth it ".repeat(20);

/** A context with so many versions, stored as a snapshot and patches. */
async function contextOf(versions: number): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  for (let value = 1; value <= versions; value++) await write(id, { TEXT, [`value ${value}`]: value });
  return id;
}

const write = (contextId: string, data: Json) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, data, message: "m" });
const verify = (contextId: string) => verifyContext(fixture.runtime, fixture.admin, contextId);
const change = (query: SQL) => fixture.database.query(query);

/** SQL: the hash that a version should have whose parent has this one. */
const recomputed = (parent: string) =>
  sql.raw(
    versionHash([
      `(${parent})::text`,
      "number::text",
      "(author ->> 'kind')",
      "(author ->> 'id')",
      "(author ->> 'name')",
      "message",
      exactTime("created_at"),
      "data_hash",
    ]),
  );

/** What somebody who can compute hashes would do: makes the chain right again, from one version to another. */
async function rechain(contextId: string, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++) {
    const parent = `select p.hash from context_versions p where p.context_id = '${contextId}' and p.number = ${number - 1}`;
    await change(version(contextId, number, sql`hash = ${recomputed(parent)}`));
  }
}

const event = (id: string, number: number, set: SQL) =>
  sql`update events set ${set} where context_id = ${id} and type = 'context.version_written' and subject_version = ${number}`;
const dataOf = (id: string, number: number) =>
  sql`(select data_hash from context_versions where context_id = ${id} and number = ${number})`;
const content = (id: string, number: number, set: SQL) =>
  sql`update context_contents set ${set} where context_id = ${id} and data_hash = ${dataOf(id, number)}`;
const version = (id: string, number: number, set: SQL) =>
  sql`update context_versions set ${set} where context_id = ${id} and number = ${number}`;

type Edit = (contextId: string) => unknown;
/** What is done to a context of six versions, what is wrong then, and whether version 3 can still be read. */
const EDITS: readonly [name: string, edit: Edit, bad: readonly string[], readable: boolean][] = [
  [
    "the data",
    (id) => change(content(id, 3, sql`body = replace(body, '3', '9')`)),
    ["3 DATA", "4 DATA", "5 DATA", "6 DATA"],
    false,
  ],
  [
    "the snapshot",
    (id) => change(content(id, 1, sql`body = replace(body, 'never', 'often')`)),
    ["1 DATA", "2 DATA", "3 DATA", "4 DATA", "5 DATA", "6 DATA"],
    false,
  ],
  ["the data, to something that is no JSON", (id) => change(content(id, 6, sql`body = 'x'`)), ["6 DATA"], true],
  [
    "the data, to a patch that does not apply",
    (id) => change(content(id, 6, sql`body = '[{"op":"remove","path":"/none"}]'`)),
    ["6 DATA"],
    true,
  ],
  [
    "what it is a patch of",
    (id) => change(content(id, 3, sql`base_hash = ${dataOf(id, 1)}`)),
    ["3 DATA", "4 DATA", "5 DATA", "6 DATA"],
    false,
  ],
  [
    "a chain to a circle",
    (id) => change(content(id, 2, sql`base_hash = ${dataOf(id, 4)}`)),
    ["2 DATA", "3 DATA", "4 DATA", "5 DATA", "6 DATA"],
    false,
  ],
  [
    "how far it is from its snapshot",
    (id) => change(content(id, 3, sql`depth = 7`)),
    ["4 DATA", "5 DATA", "6 DATA"],
    true,
  ],
  ["the message", (id) => change(version(id, 3, sql`message = 'another'`)), ["3 RECORD", "3 EVENT"], false],
  [
    "the author",
    (id) => change(version(id, 3, sql`author = jsonb_set(author, '{name}', '"somebody else"')`)),
    ["3 RECORD"],
    false,
  ],
  [
    "the time",
    (id) => change(version(id, 3, sql`created_at = created_at + interval '1 microsecond'`)),
    ["3 RECORD"],
    false,
  ],
  ["the hash", (id) => change(version(id, 3, sql`hash = repeat('0', 64)`)), ["3 RECORD", "3 EVENT", "4 RECORD"], false],
  [
    "the data's hash",
    (id) => change(version(id, 3, sql`data_hash = ${dataOf(id, 2)}`)),
    ["3 RECORD", "3 EVENT"],
    false,
  ],
  ["the parent", (id) => change(version(id, 3, sql`parent = 1`)), ["3 RECORD", "3 EVENT"], false],
  ["the size", (id) => change(version(id, 3, sql`size_bytes = 1`)), ["3 RECORD", "3 EVENT"], true],
  ["what it was rolled back to", (id) => change(version(id, 3, sql`rolled_back_to = 1`)), ["3 EVENT"], true],
  ["that its data was removed", (id) => change(version(id, 3, sql`pruned_at = clock_timestamp()`)), ["3 DATA"], false],
  [
    "the data, with both hashes",
    async (id) => {
      await change(version(id, 3, sql`data_hash = ${dataOf(id, 2)}`));
      await rechain(id, 3, 3);
    },
    ["3 EVENT", "4 RECORD"],
    true,
  ],
  [
    "the data, with both hashes, and all hashes after it",
    async (id) => {
      await change(version(id, 3, sql`data_hash = ${dataOf(id, 2)}`));
      await rechain(id, 3, 6);
    },
    ["3 EVENT", "4 EVENT", "5 EVENT", "6 EVENT"],
    true,
  ],
  [
    "a version that is removed",
    (id) => change(sql`delete from context_versions where context_id = ${id} and number = 4`),
    ["4 MISSING", "5 RECORD"],
    true,
  ],
  [
    "the newest version, which is removed",
    async (id) => {
      await change(sql`delete from context_versions where context_id = ${id} and number = 6`);
      await change(sql`update contexts set current_version = 5 where id = ${id}`);
    },
    ["6 MISSING"],
    true,
  ],
  [
    "the newest version's row",
    (id) => change(sql`delete from context_versions where context_id = ${id} and number = 6`),
    ["6 MISSING"],
    true,
  ],
  [
    "the context's newest version",
    (id) => change(sql`update contexts set current_version = 4 where id = ${id}`),
    ["5 NEWEST"],
    true,
  ],
  [
    "all versions, which are removed",
    async (id) => {
      await change(sql`delete from context_versions where context_id = ${id}`);
      await change(sql`update contexts set current_version = 0 where id = ${id}`);
    },
    ["1 MISSING", "2 MISSING", "3 MISSING", "4 MISSING", "5 MISSING", "6 MISSING"],
    false,
  ],
  [
    "a version that is put in",
    async (id) => {
      await change(sql`
        insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
        select context_id, 0, -1, author, size_bytes, data_hash, hash from context_versions where context_id = ${id} and number = 1`);
      await change(version(id, 0, sql`hash = ${recomputed("null")}`));
    },
    ["0 RECORD"],
    true,
  ],
  ["the event's hash", (id) => change(event(id, 3, sql`payload = payload || '{"hash": "0"}'`)), ["3 EVENT"], true],
  [
    "the event's hash, which is removed",
    (id) => change(event(id, 3, sql`payload = payload - 'hash'`)),
    ["3 EVENT"],
    true,
  ],
  ["the event's number", (id) => change(event(id, 3, sql`payload = payload || '{"number": 4}'`)), ["3 EVENT"], true],
  ["the event's payload", (id) => change(event(id, 3, sql`payload = 'null'`)), ["3 EVENT"], true],
  [
    "an event that is removed",
    (id) => change(sql`delete from events where context_id = ${id} and subject_version = 3`),
    ["3 EVENT"],
    true,
  ],
  [
    "the first event, which is removed",
    (id) => change(sql`delete from events where context_id = ${id} and subject_version = 1`),
    ["1 EVENT"],
    true,
  ],
  [
    "the newest event, which is removed",
    (id) => change(sql`delete from events where context_id = ${id} and subject_version = 6`),
    ["6 EVENT"],
    true,
  ],
  [
    "all events, which are removed",
    (id) => change(sql`delete from events where context_id = ${id}`),
    ["6 EVENT"],
    true,
  ],
  [
    "an event that is told twice",
    (id) =>
      change(sql`
        insert into events (workspace_id, project_id, type, subject_id, subject_version, context_id, actor_kind, actor_name, payload)
        select workspace_id, project_id, type, subject_id, subject_version, context_id, actor_kind, actor_name, payload
        from events where context_id = ${id} and subject_version = 3`),
    ["3 EVENT"],
    true,
  ],
];

it.each(EDITS)("finds and names a change of %s", async (_name, edit, bad, readable) => {
  const contextId = await contextOf(6);
  await edit(contextId);
  const found = await verify(contextId);
  expect(found.badVersions.map(({ number, problem }) => `${number} ${problem}`)).toEqual(bad);
  expect(found).toMatchObject({ ok: false, firstBad: found.badVersions[0] });
  for (const { number, message } of found.badVersions) expect(message).toContain(`version ${number}`.slice(1));
  // What the chain of hashes covers is never served as good.
  const reading = getVersionData(fixture.runtime, fixture.admin, [{ contextId, number: 3 }]);
  expect(
    await reading.then(
      (read) => read.length === 1,
      () => false,
    ),
  ).toBe(readable);
});
