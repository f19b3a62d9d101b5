import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { rollbacksOn, type TestAgent } from "../../../test/rollbacks.ts";
import { newId } from "../../new-id.ts";
import { acknowledgeContext } from "./acknowledge-context.ts";
import { createRollbackSweep } from "./fail-overdue-rollbacks.ts";
import { pendingContextChanges } from "../inbox-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture({ rollbackTimeoutMs: 400 });
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

describe("acknowledgeContext", () => {
  it("succeeds with the last answer, however they race, and repeating changes nothing", async () => {
    for (let round = 0; round < 5; round++) {
      const readers = await Promise.all(Array.from({ length: 5 }, () => on.agent()));
      const contextId = await on.contextOf(readers);
      await on.rollBack(contextId);
      await Promise.all(readers.slice(1).map((reader) => on.acknowledge(contextId, reader, 4)));
      expect((await on.stateOf(contextId)).rollbackState).toBe("PENDING");
      await Promise.all(Array.from({ length: 4 }, () => on.acknowledge(contextId, readers[0] as TestAgent, 4)));
      expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect((await on.acknowledge(contextId, readers[1] as TestAgent, 4, false, "too late")).rollbackState).toBe(
        "SUCCEEDED",
      );
      expect(await on.settled(contextId)).toEqual([{ version: 4, state: "SUCCEEDED", error: null }]);
    }
  });

  it("fails with the first failure, and later answers are kept but decide nothing", async () => {
    const [one, two, three] = [await on.agent(), await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, two, three]);
    await on.rollBack(contextId);
    const answered = await Promise.all([
      on.acknowledge(contextId, one, 4, false, "no memory"),
      on.acknowledge(contextId, two, 4),
    ]);
    expect(answered.some((context) => context.rollbackState === "FAILED")).toBe(true);
    await on.acknowledge(contextId, three, 4);
    expect(await on.answers(contextId)).toEqual({ [one.id]: "FAILED", [two.id]: "SUCCEEDED", [three.id]: "SUCCEEDED" });
    expect((await on.stateOf(contextId)).rollbackState).toBe("FAILED");
    expect(await on.settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${one.caller.actor.name}: no memory` },
    ]);
    // A rollback that went wrong can be made again.
    expect(await on.rollBack(contextId, 2)).toMatchObject({ rollbackState: "PENDING", rollbackPointer: 2 });
  });

  it("takes the first answer of an agent that gives two at once", async () => {
    for (let round = 0; round < 12; round++) {
      const [torn, other] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([torn, other]);
      await on.rollBack(contextId);
      await Promise.all([on.acknowledge(contextId, torn, 4, false, "no"), on.acknowledge(contextId, torn, 4)]);
      const answer = (await on.answers(contextId))[torn.id];
      expect((await on.stateOf(contextId)).rollbackState).toBe(answer === "FAILED" ? "FAILED" : "PENDING");
    }
  });

  it("does not wait for answers to a rollback that is over", async () => {
    const [one, gone] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, gone]);
    await on.rollBack(contextId, 2);
    await on.acknowledge(contextId, one, 4, false, "no");
    await fixture.database.query(sql`update agents set state = 'SUSPENDED' where id = ${gone.id}`);
    await on.rollBack(contextId, 1);
    expect(await on.answers(contextId)).toEqual({ [one.id]: "PENDING" });
    expect(await on.acknowledge(contextId, one, 5)).toMatchObject({ rollbackState: "SUCCEEDED" });
  });

  it("takes a newer version as the answer, an older one not", async () => {
    const reader = await on.agent();
    const contextId = await on.contextOf([reader]);
    await on.rollBack(contextId);
    await writeContext(fixture.runtime, fixture.admin, { contextId, data: { value: 9 } });
    expect((await on.acknowledge(contextId, reader, 3)).rollbackState).toBe("PENDING");
    expect((await on.acknowledge(contextId, reader, 5)).rollbackState).toBe("SUCCEEDED");
    await expect(on.acknowledge(contextId, reader, 6)).rejects.toThrow(InvalidInput);
  });

  it("records what the agent has loaded, so that the inbox stops telling it", async () => {
    const reader = await on.agent();
    const contextId = await on.contextOf([reader]);
    const pending = () => pendingContextChanges(fixture.database, [reader.id]);
    expect(await pending()).toEqual([]);
    await writeContext(fixture.runtime, fixture.admin, { contextId, data: { value: 4 } });
    expect(await pending()).toEqual([{ agentId: reader.id, contextId, version: 4, rolledBack: false, asked: null }]);
    await on.acknowledge(contextId, reader, 4, false, "no");
    expect(await pending()).toHaveLength(1);
    await on.acknowledge(contextId, reader, 4);
    expect(await pending()).toEqual([]);
    await on.rollBack(contextId, 3);
    expect(await pending()).toEqual([
      { agentId: reader.id, contextId, version: 5, rolledBack: true, asked: expect.any(String) },
    ]);
    await on.acknowledge(contextId, reader, 5);
    expect(await pending()).toEqual([]);
  });

  it("is for agents that may use the context", async () => {
    const [owner, other] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([], owner.id);
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
    const [one, other] = [await on.agent(), await on.agent()];
    const both = await on.contextOf([one, other]);
    const alone = await on.contextOf([one]);
    for (const contextId of [both, alone]) await on.rollBack(contextId);
    await on.leave(one);
    expect((await on.stateOf(alone)).rollbackState).toBe("SUCCEEDED");
    expect(await on.answers(both)).toEqual({ [other.id]: "PENDING" });
    await on.leave(other);
    expect((await on.stateOf(both)).rollbackState).toBe("SUCCEEDED");
    expect(await on.settled(both)).toHaveLength(1);
  });

  it("is never waited for when it leaves while the rollback is made", async () => {
    for (let round = 0; round < 15; round++) {
      const readers = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf(readers);
      await Promise.all([on.rollBack(contextId), ...readers.map(on.leave)]);
      expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect(await on.settled(contextId)).toHaveLength(1);
    }
  });

  it("settles once when others answer at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([one, other]);
      await on.rollBack(contextId);
      await Promise.all([on.leave(one), on.acknowledge(contextId, other, 4), on.acknowledge(contextId, one, 4)]);
      expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect(await on.settled(contextId)).toHaveLength(1);
    }
  });
});

describe("the rollback sweep", () => {
  it("fails what is overdue, names who did not answer, and judges nobody after it slept itself", async () => {
    const [quick, slow] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([quick, slow]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, quick, 4);
    const sweep = createRollbackSweep(fixture.runtime, 40);
    await sleep(450);
    // Overdue by now, but the sweep has only just woken up.
    await sweep();
    expect((await on.stateOf(contextId)).rollbackState).toBe("PENDING");
    // Awake for a full time-out, without the database: nobody could answer then.
    const away = { ...fixture.database, transaction: () => Promise.reject(new Error("the database is away")) };
    let database: typeof fixture.database = away;
    const cutOff = createRollbackSweep(
      {
        ...fixture.runtime,
        get database() {
          return database;
        },
      },
      40,
    );
    for (let at = 0; at < 9; at++) {
      await sleep(50);
      await expect(cutOff()).rejects.toThrow("away");
    }
    database = fixture.database;
    await cutOff();
    expect((await on.stateOf(contextId)).rollbackState).toBe("PENDING");
    const deadline = performance.now() + 10_000;
    while ((await on.stateOf(contextId)).rollbackState === "PENDING" && performance.now() < deadline) {
      await sleep(40);
      await Promise.all([sweep(), sweep()]);
    }
    expect(await on.settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${slow.caller.actor.name}: did not answer within 0.4 s` },
    ]);
    expect(await on.answers(contextId)).toEqual({ [quick.id]: "SUCCEEDED", [slow.id]: "FAILED" });
  });
});

it("leaves nothing that contradicts itself", async () => {
  expect(await on.violations()).toEqual([]);
});
