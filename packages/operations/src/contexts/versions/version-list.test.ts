import { InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { listVersions, type VersionFilter, versionsAt } from "./version-list.ts";
import { getVersions } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
let contextId: string;
let agent: Awaited<ReturnType<typeof addAgent>>;

/** 1 and 2 by the admin, 3 by an agent, 4 goes back to 1 (2 and 3 are held then), 5 by the agent; 2 and 5 have names. */
beforeAll(async () => {
  fixture = await createFixture();
  const { runtime, admin, projectId, database } = fixture;
  agent = await addAgent(fixture, "writer", "OFFLINE");
  ({ id: contextId } = await openContext(runtime, admin, { projectId, name: newId() }));
  await writeContext(runtime, admin, { contextId, data: 1, message: "The Beginning" });
  await writeContext(runtime, admin, { contextId, data: 2, message: "100 %_done" });
  await writeContext(runtime, agent.caller, { contextId, data: 3 });
  await rollBackContext(runtime, admin, { contextId, toVersion: 1, reason: "back to the beginning" });
  await writeContext(runtime, agent.caller, { contextId, data: 5, message: "on" });
  await database.query(sql`
    insert into context_pins (context_id, name, number, author) values
      (${contextId}, 'a', 2, '{}'), (${contextId}, 'b', 2, '{}'), (${contextId}, 'c', 5, '{}')`);
});
afterAll(() => fixture.close());

const list = (filter: VersionFilter, page = {}) =>
  only(listVersions(fixture.runtime, fixture.admin, [contextId], filter, page));
const numbers = async (filter: VersionFilter, page = {}) =>
  (await list(filter, page)).edges.map(({ node }) => node.number);

describe("filters of versions", () => {
  it("list those that match", async () => {
    const { admin } = fixture;
    expect(await numbers({})).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers({ heldOnly: true })).toEqual([3, 2]);
    expect(await numbers({ rollbacksOnly: true })).toEqual([4]);
    expect(await numbers({ pinnedOnly: true })).toEqual([5, 2]);
    expect(await numbers({ heldOnly: true, pinnedOnly: true })).toEqual([2]);
    expect(await numbers({ authors: [agent.id] })).toEqual([5, 3]);
    expect(await numbers({ authors: [agent.id, admin.actor.id ?? ""] })).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers({ authors: [] })).toEqual([]);
    expect(await numbers({ authorKinds: ["API_KEY"] })).toEqual([4, 2, 1]);
    expect(await numbers({ authorKinds: ["AGENT", "USER"], search: "on" })).toEqual([5]);
    expect(await numbers({ search: "BEGINNING" })).toEqual([4, 1]);
    expect(await numbers({ search: "%_" })).toEqual([2]);
    expect(await numbers({ search: "" })).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers({ rollbacksOnly: false, pinnedOnly: null, heldOnly: null })).toEqual([5, 4, 3, 2, 1]);
  });

  it("list by time", async () => {
    const { runtime, admin, database } = fixture;
    const exact = (number: number) => getVersions(runtime, admin, [{ contextId, number }]);
    const [third] = await exact(3);
    // Truncated to a millisecond: before what it is the time of.
    const at = third?.createdAt ?? new Date();
    const later = await database.query<{ number: number }>(
      sql`select number from context_versions where context_id = ${contextId} and created_at > ${at.toISOString()}::timestamptz order by number desc`,
    );
    expect(await numbers({ createdAfter: at })).toEqual(later.map(({ number }) => number));
    expect(await numbers({ createdBefore: at })).toEqual(
      [5, 4, 3, 2, 1].filter((number) => number <= 5 - later.length),
    );
    expect(await numbers({ createdAfter: at, createdBefore: at })).toEqual([]);
  });

  it("page and count what they list", async () => {
    const first = await list({ pinnedOnly: true }, { first: 1 });
    expect([first.edges[0]?.node.number, first.hasNextPage, await first.count()]).toEqual([
      5,
      true,
      { count: 2, capped: false },
    ]);
    expect(await numbers({ pinnedOnly: true }, { first: 1, after: first.edges[0]?.cursor })).toEqual([2]);
    expect(await numbers({ pinnedOnly: true }, { last: 1 })).toEqual([2]);
  });

  it("are checked", async () => {
    for (const filter of [
      { search: "\0" },
      { authors: ["x"] },
      { authorKinds: ["X" as never] },
      { createdAfter: new Date(8e15) },
    ]) {
      await expect(list(filter), JSON.stringify(filter)).rejects.toThrow(InvalidInput);
    }
  });
});

describe("the version at a time", () => {
  const at = async (time: Date, caller = fixture.admin, id = contextId) =>
    (await versionsAt(fixture.runtime, caller, [id], time)).get(id) ?? null;

  it("is the newest that was there", async () => {
    const { runtime, admin, database, projectId } = fixture;
    const { id } = await openContext(runtime, admin, { projectId, name: newId() });
    for (let value = 1; value <= 3; value++) {
      await writeContext(runtime, admin, { contextId: id, data: value });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const versions = await getVersions(
      runtime,
      admin,
      [1, 2, 3].map((number) => ({ contextId: id, number })),
    );
    for (const { number, createdAt } of versions) {
      expect(await at(createdAt, admin, id)).toMatchObject({ number });
      expect(await at(new Date(createdAt.getTime() + 2), admin, id)).toMatchObject({ number });
      expect((await at(new Date(createdAt.getTime() - 1), admin, id)) ?? { number: 0 }).toMatchObject({
        number: number - 1,
      });
    }
    expect(await at(new Date("9999-01-01"), admin, id)).toMatchObject({ number: 3, parentHash: expect.any(String) });
    // Of several at one moment it is the last.
    await database.query(sql`
      insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash, created_at)
      select context_id, 4, 3, author, size_bytes, data_hash, hash, created_at from context_versions where context_id = ${id} and number = 3`);
    expect(await at(new Date("9999-01-01"), admin, id)).toMatchObject({ name: "VersionTampered", number: 4 });
    await expect(at(new Date(8e15))).rejects.toThrow(InvalidInput);
  });

  it("is read of many contexts at once, of those that the caller may see", async () => {
    const { runtime, admin, projectId } = fixture;
    const empty = (await openContext(runtime, admin, { projectId, name: newId() })).id;
    const owner = await addAgent(fixture, newId());
    const secret = (await openContext(runtime, admin, { projectId, agentId: owner.id, name: newId() })).id;
    await writeContext(runtime, admin, { contextId: secret, data: 1 });
    const now = new Date(Date.now() + 1_000);
    const seen = async (caller: typeof admin) => [
      ...(await versionsAt(runtime, caller, [contextId, empty, secret], now)).keys(),
    ];
    expect((await seen(admin)).toSorted()).toEqual([contextId, secret].toSorted());
    expect(await seen(agent.caller)).toEqual([contextId]);
  });
});
