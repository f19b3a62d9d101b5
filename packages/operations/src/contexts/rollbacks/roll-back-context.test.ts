import { Conflict, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { rollbacksOn } from "../../../test/rollbacks.ts";
import { newId } from "../../new-id.ts";
import { pendingContextChanges } from "../inbox-queries.ts";
import { getReaders } from "../reader-queries.ts";
import { rollBackContext } from "./roll-back-context.ts";
import { getVersionData, getVersions } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

describe("rollBackContext", () => {
  it("appends a version with the old data, and succeeds at once when no agent is running", async () => {
    const contextId = await on.contextOf([await on.agent("OFFLINE"), await on.agent("ERROR")]);
    const context = await on.rollBack(contextId);
    expect(context).toMatchObject({
      currentVersion: 4,
      rollbackPointer: 1,
      rollbackVersion: 4,
      rollbackState: "SUCCEEDED",
    });
    const [made] = await getVersions(fixture.runtime, fixture.admin, [{ contextId, number: 4 }]);
    expect(made).toMatchObject({ parent: 3, rolledBackTo: 1, message: "it was wrong" });
    const data = await getVersionData(
      fixture.runtime,
      fixture.admin,
      [1, 2, 3, 4].map((number) => ({ contextId, number })),
    );
    expect(Object.fromEntries(data.map((version) => [version.number, version.data]))).toEqual({
      1: { value: 1 },
      2: { value: 2 },
      3: { value: 3 },
      4: { value: 1 },
    });
    const events = await fixture.database.query(sql`
      select type, subject_version, reason, payload->>'rolledBackTo' as to from events where context_id = ${contextId} order by id desc limit 2`);
    expect(events).toEqual([
      { type: "context.rollback_settled", subject_version: 4, reason: null, to: null },
      { type: "context.version_written", subject_version: 4, reason: "it was wrong", to: "1" },
    ]);
    expect(await on.settled(contextId)).toEqual([{ version: 4, state: "SUCCEEDED", error: null }]);
  });

  it("refuses versions that are not older, stale expectations, and missing reasons", async () => {
    const contextId = await on.contextOf([]);
    for (const version of [0, 3, 4, -1, 1.5])
      await expect(on.rollBack(contextId, version)).rejects.toThrow(InvalidInput);
    await expect(on.rollBack(contextId, 1, 2)).rejects.toThrow(Conflict);
    await expect(on.rollBack(newId())).rejects.toThrow(NotFound);
    await expect(
      rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion: 1, reason: "" }),
    ).rejects.toThrow(InvalidInput);
    expect(await on.stateOf(contextId)).toMatchObject({ currentVersion: 3, rollbackState: null });
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => on.rollBack(contextId, 1, 3)));
    expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
  });

  it("asks the agents that use the context and are running: of a shared one its readers, of a private one its owner", async () => {
    const [online, busy, idle, offline, stranger] = [
      await on.agent(),
      await on.agent("BUSY"),
      await on.agent("IDLE"),
      await on.agent("OFFLINE"),
      await on.agent(),
    ];
    const shared = await on.contextOf([online, busy, idle, offline]);
    expect(await on.rollBack(shared)).toMatchObject({ rollbackState: "PENDING" });
    expect(await on.answers(shared)).toEqual({ [online.id]: "PENDING", [busy.id]: "PENDING", [idle.id]: "PENDING" });
    const owned = await on.contextOf([], stranger.id);
    await on.rollBack(owned);
    expect(await on.answers(owned)).toEqual({ [stranger.id]: "PENDING" });
    expect(await pendingContextChanges(fixture.database, [stranger.id])).toEqual([
      { agentId: stranger.id, contextId: owned, version: 4, rolledBack: true, asked: expect.any(String) },
    ]);
  });

  it("asks those of the readers that it says would be asked", async () => {
    const { runtime, admin } = fixture;
    const [busy, offline, owner] = [await on.agent("BUSY"), await on.agent("OFFLINE"), await on.agent()];
    const shared = await on.contextOf([busy, offline]);
    const owned = await on.contextOf([], owner.id);
    const readers = async (contextId: string) =>
      (await getReaders(runtime, admin, [contextId])).map(({ agentId, version, wouldConfirm }) => [
        agentId,
        version,
        wouldConfirm,
      ]);
    expect(await readers(shared)).toEqual([
      [busy.id, 3, true],
      [offline.id, 3, false],
    ]);
    expect(await readers(owned)).toEqual([[owner.id, null, true]]);
    for (const contextId of [shared, owned]) await on.rollBack(contextId);
    expect(await on.answers(shared)).toEqual({ [busy.id]: "PENDING" });
    expect(await on.answers(owned)).toEqual({ [owner.id]: "PENDING" });
    await on.acknowledge(owned, owner, 4);
    expect(await readers(owned)).toEqual([[owner.id, 4, true]]);
    expect(await getReaders(runtime, owner.caller, [owned])).toHaveLength(1);
    expect(await getReaders(runtime, busy.caller, [owned])).toEqual([]);
  });

  it("asks an agent that wrote to a shared context and never read it", async () => {
    const writer = await on.agent();
    const contextId = await on.contextOf([]);
    await writeContext(fixture.runtime, writer.caller, { contextId, data: { value: 4 } });
    expect(await on.rollBack(contextId)).toMatchObject({ rollbackState: "PENDING" });
    expect(await on.answers(contextId)).toEqual({ [writer.id]: "PENDING" });
  });

  it("releases the data that it goes back to", async () => {
    const contextId = await on.contextOf([]);
    await on.rollBack(contextId, 1);
    await on.rollBack(contextId, 3);
    const held = await getVersions(
      fixture.runtime,
      fixture.admin,
      [1, 2, 3, 4, 5].map((number) => ({ contextId, number })),
    );
    expect(
      held
        .filter((version) => version.heldSince)
        .map((version) => version.number)
        .toSorted(),
    ).toEqual([2, 4]);
  });

  it("leaves one order of events and versions when writers race with it", async () => {
    const reader = await on.agent();
    const contextId = await on.contextOf([reader]);
    const { runtime, admin } = fixture;
    await Promise.all([
      ...Array.from({ length: 10 }, (_, at) => writeContext(runtime, admin, { contextId, data: { at } })),
      ...Array.from({ length: 10 }, (_, at) =>
        writeContext(runtime, admin, { contextId, patch: [{ op: "add", path: `/p${at}`, value: at }] }),
      ),
      ...Array.from({ length: 4 }, () => on.rollBack(contextId, 2)),
    ]);
    const context = await on.stateOf(contextId);
    expect(context.currentVersion).toBe(27);
    const rows = await fixture.database.query<{ number: number; rolledBackTo: number | null; previous: boolean }>(sql`
      select v.number, v.rolled_back_to as "rolledBackTo", v.created_at >= lag(v.created_at, 1, v.created_at) over (order by v.number) as previous
      from context_versions v where v.context_id = ${contextId} order by v.number`);
    expect(rows.every((row) => row.previous)).toBe(true);
    const events = await fixture.database.query<{ number: number; type: string }>(sql`
      select subject_version as number, type from events where context_id = ${contextId} order by id`);
    const written = events.filter((event) => event.type === "context.version_written").map((event) => event.number);
    expect(written).toEqual(rows.map((row) => row.number));
    expect(events.map((event) => event.number)).toEqual(events.map((event) => event.number).toSorted((a, b) => a - b));
    // Every rollback but the last was superseded; each has settled once or is the one that is pending.
    expect((await on.settled(contextId)).length).toBe(3);
    expect(context.rollbackState).toBe("PENDING");
    await on.acknowledge(contextId, reader, context.currentVersion);
    expect(await on.settled(contextId)).toHaveLength(4);
  });

  it("does not let a write based on an older version through, however they race", async () => {
    for (let round = 0; round < 15; round++) {
      const contextId = await on.contextOf([]);
      const [write] = await Promise.allSettled([
        writeContext(fixture.runtime, fixture.admin, { contextId, data: { round: "stale" }, baseVersion: 3 }),
        on.rollBack(contextId, 1),
      ]);
      const context = await on.stateOf(contextId);
      if (write?.status === "fulfilled") expect(write.value.number).toBeLessThan(context.rollbackVersion as number);
      else expect(write?.reason).toMatchObject({ name: "RollbackPending" });
    }
  });

  it("settles the one before as failed when a newer rollback takes its place", async () => {
    const [one, other] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, other]);
    await on.rollBack(contextId, 2);
    await on.acknowledge(contextId, one, 4);
    await on.rollBack(contextId, 1);
    expect(await on.settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${other.caller.actor.name}: a newer rollback took its place` },
    ]);
    // Answers to the first one do not count for the second.
    await on.acknowledge(contextId, one, 4);
    expect(await on.answers(contextId)).toEqual({ [one.id]: "PENDING", [other.id]: "PENDING" });
    await Promise.all([on.acknowledge(contextId, one, 5), on.acknowledge(contextId, other, 5)]);
    expect((await on.settled(contextId))[1]).toEqual({ version: 5, state: "SUCCEEDED", error: null });
  });
});

it("leaves nothing that contradicts itself", async () => {
  expect(await on.violations()).toEqual([]);
});
