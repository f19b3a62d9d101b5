import { NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { pruneContext } from "../retention/prune-context.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { verifyContext } from "./verify-context.ts";
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
const verify = (contextId: string, signal?: AbortSignal) =>
  verifyContext(fixture.runtime, fixture.admin, contextId, signal);
const change = (query: SQL) => fixture.database.query(query);
const content = (id: string, number: number, set: SQL) =>
  sql`update context_contents set ${set} where context_id = ${id}
    and data_hash = (select data_hash from context_versions where context_id = ${id} and number = ${number})`;

describe("verifyContext", () => {
  it("finds nothing wrong with what was written, rolled back and pruned", async () => {
    const contextId = await contextOf(8);
    const { runtime, admin } = fixture;
    await rollBackContext(runtime, admin, { contextId, toVersion: 2, reason: "test" });
    expect(await verify(contextId)).toEqual({
      contextId,
      ok: true,
      versions: 9,
      readable: 9,
      pruned: 0,
      eventsCompared: 9,
      firstBad: null,
      badVersions: [],
    });
    for (let value = 1; value <= 20; value++) await write(contextId, { TEXT, more: value });
    await change(sql`update contexts set keep_versions = 5 where id = ${contextId}`);
    while (await pruneContext(runtime, admin, contextId));
    // The one that was gone back to keeps its data, and so does what repeats it.
    expect(await verify(contextId)).toMatchObject({
      ok: true,
      versions: 29,
      readable: 6,
      pruned: 23,
      eventsCompared: 29,
    });
    expect(await verify(await contextOf(0))).toMatchObject({ ok: true, versions: 0 });
  });

  it("compares the events that retention has left", async () => {
    const contextId = await contextOf(6);
    const [third] = await fixture.database.query<{ id: string }>(
      sql`select id::text from events where context_id = ${contextId} and subject_version = 3`,
    );
    await change(sql`delete from events where context_id = ${contextId} and subject_version < 3`);
    expect(await verify(contextId)).toMatchObject({ ok: false, firstBad: { number: 1, problem: "EVENT" } });
    const { projectId } = fixture;
    const bound = (id: bigint) =>
      change(sql`
      update workspaces set events_retained_from_id = ${String(id)}::bigint where id = (select workspace_id from projects where id = ${projectId})`);
    // All events from the bound on are kept, and the newest below it.
    await bound(BigInt(third?.id ?? 0) + 1n);
    expect(await verify(contextId)).toMatchObject({ ok: true, versions: 6, eventsCompared: 4 });
    await change(sql`delete from events where context_id = ${contextId} and subject_version = 4`);
    expect(await verify(contextId)).toMatchObject({ ok: false, firstBad: { number: 4, problem: "EVENT" } });
    await bound(0n);
  });

  it("holds while others write, and goes on over many batches", async () => {
    const contextId = await contextOf(3);
    let writing = true;
    const writer = (async () => {
      for (let value = 0; writing; value++) await write(contextId, { TEXT, more: value });
    })();
    for (let round = 0; round < 10; round++) expect(await verify(contextId)).toMatchObject({ ok: true });
    writing = false;
    await writer;
    const [{ current } = { current: 0 }] = await fixture.database.query<{ current: number }>(
      sql`select current_version as current from contexts where id = ${contextId}`,
    );
    for (let number = current + 1; number <= 600; number++) await write(contextId, { TEXT, last: number });
    expect(await verify(contextId)).toMatchObject({
      ok: true,
      versions: 600,
      readable: 600,
      eventsCompared: 600,
    });
    await change(content(contextId, 550, sql`body = replace(body, '550', '1')`));
    expect((await verify(contextId)).firstBad).toMatchObject({ number: 550, problem: "DATA" });
  }, 60_000);

  it("does not take what retention removes meanwhile for changed", async () => {
    const contextId = await contextOf(30);
    await change(sql`update contexts set keep_versions = 3 where id = ${contextId}`);
    const { runtime, admin } = fixture;
    const { database } = runtime;
    let pruned = false;
    const run: typeof database.run = async (statement, values) => {
      if (!pruned && statement.text.includes("recursive needed")) {
        pruned = true;
        while (await pruneContext(runtime, admin, contextId));
      }
      return database.run(statement, values);
    };
    const found = await verifyContext({ ...runtime, database: { ...database, run } }, admin, contextId);
    expect(found).toMatchObject({ ok: true, versions: 30, readable: 3, pruned: 27 });
    expect(pruned).toBe(true);
  });

  it("tells of no more than a hundred", async () => {
    const contextId = await contextOf(1);
    await change(sql`update contexts set current_version = 2000000000 where id = ${contextId}`);
    const { badVersions, firstBad } = await verify(contextId);
    expect(badVersions).toHaveLength(100);
    expect(firstBad).toMatchObject({ number: 2, problem: "MISSING" });
  });

  it("stops when nobody waits for it any more", async () => {
    const contextId = await contextOf(3);
    const gone = new AbortController();
    gone.abort(new Error("gone"));
    await expect(verify(contextId, gone.signal)).rejects.toThrow("gone");
  });

  it("looks at nothing that the caller may not see", async () => {
    const { runtime, admin, projectId } = fixture;
    const owner = await addAgent(fixture, newId());
    const other = await addAgent(fixture, newId());
    const { id } = await openContext(runtime, admin, { projectId, agentId: owner.id, name: newId() });
    await write(id, 1);
    expect(await verifyContext(runtime, owner.caller, id)).toMatchObject({ ok: true, versions: 1 });
    await expect(verifyContext(runtime, other.caller, id)).rejects.toThrow(NotFound);
    await expect(verify(newId())).rejects.toThrow(NotFound);
  });
});
