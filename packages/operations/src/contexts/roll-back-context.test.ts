import { Conflict, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { acknowledgeContext } from "./acknowledge-context.ts";
import { getLastConfirmations } from "./confirmation-queries.ts";
import { type Context, getContexts } from "./context-queries.ts";
import { dropAgentFromRollbacks } from "./drop-agent-from-rollbacks.ts";
import { createRollbackSweep } from "./fail-overdue-rollbacks.ts";
import { pendingContextChanges } from "./inbox-queries.ts";
import { openContext } from "./open-context.ts";
import { rollBackContext } from "./roll-back-context.ts";
import { getVersionData, getVersions } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ rollbackTimeoutMs: 400 });
});
afterAll(() => fixture.close());

type Agent = Awaited<ReturnType<typeof addAgent>>;
let named = 0;
const agent = (state: AgentState = "ONLINE") => addAgent(fixture, `agent-${++named}`, state);
const nameOf = (one: Agent) => one.caller.actor.name;

/** A context with versions 1, 2, 3, shared and read by these agents, or owned. */
async function contextOf(readers: Agent[], ownerId: string | null = null): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, agentId: ownerId, name: newId() });
  for (const value of [1, 2, 3]) await writeContext(runtime, admin, { contextId: id, data: { value } });
  for (const reader of readers) await getVersionData(runtime, reader.caller, [{ contextId: id, number: 3 }]);
  return id;
}

const rollBack = (contextId: string, toVersion = 1, expectedVersion?: number) =>
  rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion, reason: "it was wrong", expectedVersion });
const acknowledge = (contextId: string, by: Agent, version: number, ok = true, error?: string) =>
  acknowledgeContext(fixture.runtime, by.caller, { contextId, agentId: by.id, version, ok, error });
const stateOf = async (contextId: string) =>
  (await getContexts(fixture.runtime, fixture.admin, [contextId]))[0] as Context;
const settled = (contextId: string) =>
  fixture.database
    .query<{ payload: object }>(
      sql`select payload from events where context_id = ${contextId} and type = 'context.rollback_settled' order by id`,
    )
    .then((rows) => rows.map((row) => row.payload));
const answers = async (contextId: string) =>
  Object.fromEntries(
    (await getLastConfirmations(fixture.runtime, fixture.admin, [contextId])).map((row) => [row.agentId, row.state]),
  );
const leave = (one: Agent) =>
  fixture.database.transaction(async (transaction) => {
    await transaction.query(sql`update agents set state = 'OFFLINE', version = version + 1 where id = ${one.id}`);
    await dropAgentFromRollbacks(transaction, fixture.admin, one.id);
  });

describe("rollBackContext", () => {
  it("appends a version with the old data, and succeeds at once when no agent is running", async () => {
    const contextId = await contextOf([await agent("OFFLINE"), await agent("ERROR")]);
    const context = await rollBack(contextId);
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
    expect(await settled(contextId)).toEqual([{ version: 4, state: "SUCCEEDED", error: null }]);
  });

  it("refuses versions that are not older, stale expectations, and missing reasons", async () => {
    const contextId = await contextOf([]);
    for (const version of [0, 3, 4, -1, 1.5]) await expect(rollBack(contextId, version)).rejects.toThrow(InvalidInput);
    await expect(rollBack(contextId, 1, 2)).rejects.toThrow(Conflict);
    await expect(rollBack(newId())).rejects.toThrow(NotFound);
    await expect(
      rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion: 1, reason: "" }),
    ).rejects.toThrow(InvalidInput);
    expect(await stateOf(contextId)).toMatchObject({ currentVersion: 3, rollbackState: null });
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => rollBack(contextId, 1, 3)));
    expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
  });

  it("asks the agents that use the context and are running: of a shared one its readers, of a private one its owner", async () => {
    const [online, busy, idle, offline, stranger] = [
      await agent(),
      await agent("BUSY"),
      await agent("IDLE"),
      await agent("OFFLINE"),
      await agent(),
    ];
    const shared = await contextOf([online, busy, idle, offline]);
    expect(await rollBack(shared)).toMatchObject({ rollbackState: "PENDING" });
    expect(await answers(shared)).toEqual({ [online.id]: "PENDING", [busy.id]: "PENDING", [idle.id]: "PENDING" });
    const owned = await contextOf([], stranger.id);
    await rollBack(owned);
    expect(await answers(owned)).toEqual({ [stranger.id]: "PENDING" });
    expect(await pendingContextChanges(fixture.database, [stranger.id])).toEqual([
      { agentId: stranger.id, contextId: owned, version: 4, rolledBack: true },
    ]);
  });

  it("releases the data that it goes back to", async () => {
    const contextId = await contextOf([]);
    await rollBack(contextId, 1);
    await rollBack(contextId, 3);
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
    const reader = await agent();
    const contextId = await contextOf([reader]);
    const { runtime, admin } = fixture;
    await Promise.all([
      ...Array.from({ length: 10 }, (_, at) => writeContext(runtime, admin, { contextId, data: { at } })),
      ...Array.from({ length: 10 }, (_, at) =>
        writeContext(runtime, admin, { contextId, patch: [{ op: "add", path: `/p${at}`, value: at }] }),
      ),
      ...Array.from({ length: 4 }, () => rollBack(contextId, 2)),
    ]);
    const context = await stateOf(contextId);
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
    expect((await settled(contextId)).length).toBe(3);
    expect(context.rollbackState).toBe("PENDING");
    await acknowledge(contextId, reader, context.currentVersion);
    expect(await settled(contextId)).toHaveLength(4);
  });

  it("does not let a write based on an older version through, however they race", async () => {
    for (let round = 0; round < 15; round++) {
      const contextId = await contextOf([]);
      const [write] = await Promise.allSettled([
        writeContext(fixture.runtime, fixture.admin, { contextId, data: { round: "stale" }, baseVersion: 3 }),
        rollBack(contextId, 1),
      ]);
      const context = await stateOf(contextId);
      if (write?.status === "fulfilled") expect(write.value.number).toBeLessThan(context.rollbackVersion as number);
      else expect(write?.reason).toMatchObject({ name: "RollbackPending" });
    }
  });

  it("settles the one before as failed when a newer rollback takes its place", async () => {
    const [one, other] = [await agent(), await agent()];
    const contextId = await contextOf([one, other]);
    await rollBack(contextId, 2);
    await acknowledge(contextId, one, 4);
    await rollBack(contextId, 1);
    expect(await settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${nameOf(other)}: a newer rollback took its place` },
    ]);
    // Answers to the first one do not count for the second.
    await acknowledge(contextId, one, 4);
    expect(await answers(contextId)).toEqual({ [one.id]: "PENDING", [other.id]: "PENDING" });
    await Promise.all([acknowledge(contextId, one, 5), acknowledge(contextId, other, 5)]);
    expect((await settled(contextId))[1]).toEqual({ version: 5, state: "SUCCEEDED", error: null });
  });
});

describe("acknowledgeContext", () => {
  it("succeeds with the last answer, however they race, and repeating changes nothing", async () => {
    for (let round = 0; round < 5; round++) {
      const readers = await Promise.all(Array.from({ length: 5 }, () => agent()));
      const contextId = await contextOf(readers);
      await rollBack(contextId);
      await Promise.all(readers.slice(1).map((reader) => acknowledge(contextId, reader, 4)));
      expect((await stateOf(contextId)).rollbackState).toBe("PENDING");
      await Promise.all(Array.from({ length: 4 }, () => acknowledge(contextId, readers[0] as Agent, 4)));
      expect((await stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect((await acknowledge(contextId, readers[1] as Agent, 4, false, "too late")).rollbackState).toBe("SUCCEEDED");
      expect(await settled(contextId)).toEqual([{ version: 4, state: "SUCCEEDED", error: null }]);
    }
  });

  it("fails with the first failure, and later answers are kept but decide nothing", async () => {
    const [one, two, three] = [await agent(), await agent(), await agent()];
    const contextId = await contextOf([one, two, three]);
    await rollBack(contextId);
    const answered = await Promise.all([
      acknowledge(contextId, one, 4, false, "no memory"),
      acknowledge(contextId, two, 4),
    ]);
    expect(answered.some((context) => context.rollbackState === "FAILED")).toBe(true);
    await acknowledge(contextId, three, 4);
    expect(await answers(contextId)).toEqual({ [one.id]: "FAILED", [two.id]: "SUCCEEDED", [three.id]: "SUCCEEDED" });
    expect((await stateOf(contextId)).rollbackState).toBe("FAILED");
    expect(await settled(contextId)).toEqual([{ version: 4, state: "FAILED", error: `${nameOf(one)}: no memory` }]);
    // A rollback that went wrong can be made again.
    expect(await rollBack(contextId, 2)).toMatchObject({ rollbackState: "PENDING", rollbackPointer: 2 });
  });

  it("takes a newer version as the answer, an older one not", async () => {
    const reader = await agent();
    const contextId = await contextOf([reader]);
    await rollBack(contextId);
    await writeContext(fixture.runtime, fixture.admin, { contextId, data: { value: 9 } });
    expect((await acknowledge(contextId, reader, 3)).rollbackState).toBe("PENDING");
    expect((await acknowledge(contextId, reader, 5)).rollbackState).toBe("SUCCEEDED");
    await expect(acknowledge(contextId, reader, 6)).rejects.toThrow(InvalidInput);
  });

  it("records what the agent has loaded, so that the inbox stops telling it", async () => {
    const reader = await agent();
    const contextId = await contextOf([reader]);
    const pending = () => pendingContextChanges(fixture.database, [reader.id]);
    expect(await pending()).toEqual([]);
    await writeContext(fixture.runtime, fixture.admin, { contextId, data: { value: 4 } });
    expect(await pending()).toEqual([{ agentId: reader.id, contextId, version: 4, rolledBack: false }]);
    await acknowledge(contextId, reader, 4, false, "no");
    expect(await pending()).toHaveLength(1);
    await acknowledge(contextId, reader, 4);
    expect(await pending()).toEqual([]);
    await rollBack(contextId, 3);
    expect(await pending()).toEqual([{ agentId: reader.id, contextId, version: 5, rolledBack: true }]);
    await acknowledge(contextId, reader, 5);
    expect(await pending()).toEqual([]);
  });

  it("is for agents that may use the context", async () => {
    const [owner, other] = [await agent(), await agent()];
    const contextId = await contextOf([], owner.id);
    const byAdmin = { contextId, agentId: other.id, version: 3, ok: true };
    await expect(acknowledgeContext(fixture.runtime, fixture.admin, byAdmin)).rejects.toThrow(NotFound);
    await expect(acknowledgeContext(fixture.runtime, fixture.admin, { ...byAdmin, agentId: newId() })).rejects.toThrow(
      NotFound,
    );
    await expect(acknowledgeContext(fixture.runtime, fixture.admin, { ...byAdmin, error: "\0" })).rejects.toThrow(
      InvalidInput,
    );
    expect(await acknowledgeContext(fixture.runtime, fixture.admin, { ...byAdmin, agentId: owner.id })).toMatchObject({
      id: contextId,
    });
  });
});

describe("an agent that leaves", () => {
  it("drops out, and what waited only for it settles", async () => {
    const [one, other] = [await agent(), await agent()];
    const both = await contextOf([one, other]);
    const alone = await contextOf([one]);
    for (const contextId of [both, alone]) await rollBack(contextId);
    await leave(one);
    expect((await stateOf(alone)).rollbackState).toBe("SUCCEEDED");
    expect(await answers(both)).toEqual({ [other.id]: "PENDING" });
    await leave(other);
    expect((await stateOf(both)).rollbackState).toBe("SUCCEEDED");
    expect(await settled(both)).toHaveLength(1);
  });

  it("is never waited for when it leaves while the rollback is made", async () => {
    for (let round = 0; round < 15; round++) {
      const readers = [await agent(), await agent()];
      const contextId = await contextOf(readers);
      await Promise.all([rollBack(contextId), ...readers.map(leave)]);
      expect((await stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect(await settled(contextId)).toHaveLength(1);
    }
  });

  it("settles once when others answer at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [await agent(), await agent()];
      const contextId = await contextOf([one, other]);
      await rollBack(contextId);
      await Promise.all([leave(one), acknowledge(contextId, other, 4), acknowledge(contextId, one, 4)]);
      expect((await stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect(await settled(contextId)).toHaveLength(1);
    }
  });
});

describe("the rollback sweep", () => {
  it("fails what is overdue, names who did not answer, and judges nobody after it slept itself", async () => {
    const [quick, slow] = [await agent(), await agent()];
    const contextId = await contextOf([quick, slow]);
    await rollBack(contextId);
    await acknowledge(contextId, quick, 4);
    const sweep = createRollbackSweep(fixture.runtime);
    await sleep(450);
    // Overdue by now, but the sweep has only just woken up.
    await sweep();
    expect((await stateOf(contextId)).rollbackState).toBe("PENDING");
    // Awake for a full time-out, without the database: nobody could answer then.
    const away = { ...fixture.database, transaction: () => Promise.reject(new Error("the database is away")) };
    let database: typeof fixture.database = away;
    const cutOff = createRollbackSweep({
      ...fixture.runtime,
      get database() {
        return database;
      },
    });
    for (let at = 0; at < 9; at++) {
      await sleep(50);
      await expect(cutOff()).rejects.toThrow("away");
    }
    database = fixture.database;
    await cutOff();
    expect((await stateOf(contextId)).rollbackState).toBe("PENDING");
    const deadline = performance.now() + 10_000;
    while ((await stateOf(contextId)).rollbackState === "PENDING" && performance.now() < deadline) {
      await sleep(40);
      await Promise.all([sweep(), sweep()]);
    }
    expect(await settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${nameOf(slow)}: did not answer within 0.4 s` },
    ]);
    expect(await answers(contextId)).toEqual({ [quick.id]: "SUCCEEDED", [slow.id]: "FAILED" });
  });
});
