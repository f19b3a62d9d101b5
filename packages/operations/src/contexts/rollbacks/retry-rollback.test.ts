import { Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { rollbacksOn, type TestAgent } from "../../../test/rollbacks.ts";
import { transitionAgent } from "../../agents/transition-agent.ts";
import { readInboxes } from "../../inbox/inbox-queries.ts";
import { newId } from "../../new-id.ts";
import { createRollbackSweep } from "./fail-overdue-rollbacks.ts";
import { forceRollback } from "./force-rollback.ts";
import { rollbackChoices } from "./last-rollback.ts";
import { retryRollback } from "./retry-rollback.ts";
import { getVersionData } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture({ rollbackTimeoutMs: 500 });
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

const retry = (contextId: string, more: object = {}) =>
  retryRollback(fixture.runtime, fixture.admin, { contextId, reason: "once more", ...more });
const stateOf = async (agent: TestAgent) => {
  const [row] = await fixture.database.query<{ state: string; pendingAction: string | null }>(
    sql`select state, pending_action as "pendingAction" from agents where id = ${agent.id}`,
  );
  return row;
};
/** The ids of what the inbox has to say about contexts. */
const told = async (agent: TestAgent) =>
  (await readInboxes(fixture.database, [agent.id])).get(agent.id)?.messages.map(({ id }) => id) ?? [];

describe("retryRollback", () => {
  it("asks again those that could not load it or did not answer, and lets those be that did", async () => {
    const [good, bad, silent] = [await on.agent(), await on.agent(), await on.agent()];
    const contextId = await on.contextOf([good, bad, silent]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, good, 4);
    await on.acknowledge(contextId, bad, 4, false, "no memory");
    const failed = await on.stateOf(contextId);
    expect(rollbackChoices(failed.rollbackState)).toEqual(["RETRY", "RESTART_AGENTS", "FORCE"]);
    const retried = await retry(contextId);
    expect(retried).toMatchObject({ rollbackState: "PENDING", rollbackVersion: 4, currentVersion: 4 });
    expect(retried.rollbackSince?.getTime()).toBeGreaterThan(failed.rollbackSince?.getTime() ?? 0);
    expect(await on.answers(contextId)).toEqual({
      [good.id]: "SUCCEEDED",
      [bad.id]: "PENDING",
      [silent.id]: "PENDING",
    });
    expect(await on.events(contextId, "context.rollback_retried")).toEqual([
      {
        reason: "once more",
        payload: { version: 4, agents: [bad, silent].map((agent) => agent.caller.actor.name), restarted: [] },
      },
    ]);
    await on.acknowledge(contextId, bad, 4);
    expect(await on.acknowledge(contextId, silent, 4)).toMatchObject({ rollbackState: "SUCCEEDED" });
    expect(await on.settled(contextId)).toEqual([
      { version: 4, state: "FAILED", error: `${bad.caller.actor.name}: no memory` },
      { version: 4, state: "SUCCEEDED", error: null },
    ]);
    expect(rollbackChoices((await on.stateOf(contextId)).rollbackState)).toEqual([]);
  });

  it("keeps an answer that comes just before it", async () => {
    const [answers, bad] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([answers, bad]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, bad, 4, false, "no");
    let retried: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from contexts where id = ${contextId} for no key update`);
      retried = retry(contextId);
      // It has seen who has not answered, and waits for the context.
      await sleep(300);
      await transaction.query(sql`
        update rollback_confirmations set state = 'SUCCEEDED', answered_at = clock_timestamp()
        where context_id = ${contextId} and agent_id = ${answers.id}`);
    });
    await retried;
    expect(await on.answers(contextId)).toEqual({ [answers.id]: "SUCCEEDED", [bad.id]: "PENDING" });
  });

  it("gives those that are asked again a full time-out, and says it anew to processes that have answered", async () => {
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await on.rollBack(contextId);
    const [first] = await told(agent);
    const sweep = createRollbackSweep(fixture.runtime, 60);
    const failed = async () => {
      await sweep();
      return (await on.stateOf(contextId)).rollbackState;
    };
    await expect.poll(failed, { timeout: 5_000, interval: 60 }).toBe("FAILED");
    // Nothing new to tell it until it is asked again.
    expect(await told(agent)).toEqual([first]);
    await retry(contextId);
    expect(await failed()).toBe("PENDING");
    const again = await told(agent);
    expect(again).toHaveLength(1);
    expect(again).not.toEqual([first]);
    await on.acknowledge(contextId, agent, 4, false, "still not");
    expect(await told(agent)).toEqual(again);
    await sleep(5);
    await retry(contextId);
    await on.acknowledge(contextId, agent, 4);
    expect(await told(agent)).toEqual([]);
    expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
  });

  it("is answered by an agent that started anew and has read the version meanwhile", async () => {
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, agent, 4, false, "no memory");
    await getVersionData(fixture.runtime, agent.caller, [{ contextId, number: 4 }]);
    expect(await told(agent)).toEqual([]);
    await retry(contextId);
    expect(await told(agent)).toHaveLength(1);
    expect(await on.acknowledge(contextId, agent, 4)).toMatchObject({ rollbackState: "SUCCEEDED" });
  });

  it("succeeds at once when those that failed do not run any more, and says that they dropped out", async () => {
    const [gone, left] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([gone, left]);
    await on.rollBack(contextId);
    for (const agent of [gone, left]) await on.acknowledge(contextId, agent, 4, false, "no");
    await on.leave(gone);
    expect(await retry(contextId)).toMatchObject({ rollbackState: "PENDING" });
    expect(await on.answers(contextId)).toEqual({ [left.id]: "PENDING" });
    await on.acknowledge(contextId, left, 4, false, "no");
    await on.leave(left);
    expect(await retry(contextId)).toMatchObject({ rollbackState: "SUCCEEDED" });
    expect(await on.answers(contextId)).toEqual({});
    expect(await on.events(contextId, "context.rollback_agent_dropped")).toHaveLength(2);
  });

  it("still waits for an agent that is neither at work nor gone", async () => {
    const lost = await on.agent();
    const contextId = await on.contextOf([lost]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, lost, 4, false, "no");
    await fixture.database.query(sql`update agents set state = 'UNRESPONSIVE' where id = ${lost.id}`);
    expect(await retry(contextId)).toMatchObject({ rollbackState: "PENDING" });
    expect(await on.answers(contextId)).toEqual({ [lost.id]: "PENDING" });
  });

  it("asks an agent, too, that began to work since and has older data, and none that has loaded it", async () => {
    const [asked, late, fresh] = [await on.agent(), await on.agent("OFFLINE"), await on.agent("OFFLINE")];
    const contextId = await on.contextOf([asked, late, fresh]);
    await on.rollBack(contextId);
    await fixture.database.query(sql`update agents set state = 'ONLINE' where id in (${late.id}, ${fresh.id})`);
    await getVersionData(fixture.runtime, fresh.caller, [{ contextId, number: 4 }]);
    await on.acknowledge(contextId, asked, 4, false, "no");
    await retry(contextId);
    expect(await on.answers(contextId)).toEqual({ [asked.id]: "PENDING", [late.id]: "PENDING" });
  });

  it("restarts those that it asks, each when its tasks have ended, and waits for what they start as", async () => {
    const [idle, busy, fine] = [await on.agent("IDLE"), await on.agent("BUSY"), await on.agent()];
    await fixture.database.query(sql`update agents set active_tasks = 1, max_concurrency = 2 where id = ${busy.id}`);
    const contextId = await on.contextOf([idle, busy, fine]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, fine, 4);
    await on.acknowledge(contextId, idle, 4, false, "no");
    const before = [await told(idle), await told(busy)];
    expect(await retry(contextId, { restartAgents: true })).toMatchObject({ rollbackState: "PENDING" });
    // The processes that end are not asked again.
    const ofContext = (ids: string[]) => ids.filter((id) => id.startsWith("context"));
    expect([ofContext(await told(idle)), ofContext(await told(busy))]).toEqual(before);
    expect(await stateOf(idle)).toEqual({ state: "DEPLOYING", pendingAction: null });
    expect(await stateOf(busy)).toEqual({ state: "BUSY", pendingAction: "RESTART" });
    expect(await stateOf(fine)).toEqual({ state: "ONLINE", pendingAction: null });
    const [event] = await on.events(contextId, "context.rollback_retried");
    expect(event?.payload).toMatchObject({ restarted: [idle, busy].map((agent) => agent.caller.actor.name) });
    await on.acknowledge(contextId, idle, 4);
    expect(await on.acknowledge(contextId, busy, 4)).toMatchObject({ rollbackState: "SUCCEEDED" });
  });

  it("settles without an agent that does not come up again", async () => {
    const { runtime, admin } = fixture;
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await on.rollBack(contextId);
    await retry(contextId, { restartAgents: true });
    await transitionAgent(runtime, admin, { agentId: agent.id, action: "FAIL", reason: "it crashed" });
    expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
  });

  it("refuses what is over, was never, or is not the caller's", async () => {
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await expect(retry(contextId)).rejects.toThrow(NotFound);
    await on.rollBack(contextId);
    await expect(retry(contextId, { expectedVersion: 3 })).rejects.toThrow(Conflict);
    await expect(retry(contextId, { reason: "" })).rejects.toThrow(InvalidInput);
    await on.rollBack(contextId, 2);
    // A newer rollback has come between, of which the agent hears once.
    expect(await told(agent)).toHaveLength(1);
    await expect(retry(contextId, { expectedVersion: 4 })).rejects.toThrow(Conflict);
    await retry(contextId, { expectedVersion: 5 });
    await on.acknowledge(contextId, agent, 5);
    await expect(retry(contextId, { restartAgents: true })).rejects.toThrow(IllegalTransition);
    // Nothing of it has happened.
    expect(await stateOf(agent)).toMatchObject({ state: "ONLINE" });
    await expect(retry(newId())).rejects.toThrow(NotFound);
    await expect(retryRollback(fixture.runtime, agent.caller, { contextId, reason: "I am an agent" })).rejects.toThrow(
      Forbidden,
    );
    const permissions = new Set(PERMISSIONS.filter((permission) => permission !== "agent.transition"));
    const timid = callerOf({ kind: "API_KEY", name: "timid", permissions });
    await expect(
      retryRollback(fixture.runtime, timid, { contextId, reason: "x", restartAgents: true }),
    ).rejects.toThrow(Forbidden);
  });

  it("touches nothing of another tenant", async () => {
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await on.rollBack(contextId);
    const reach = await addProject(fixture.database);
    const stranger = callerOf({ kind: "API_KEY", name: "stranger", permissions: new Set(PERMISSIONS), reach });
    const input = { contextId, reason: "x", restartAgents: true };
    await expect(retryRollback(fixture.runtime, stranger, input)).rejects.toThrow(NotFound);
    await expect(forceRollback(fixture.runtime, stranger, { contextId, reason: "x" })).rejects.toThrow(NotFound);
    expect(await stateOf(agent)).toMatchObject({ state: "ONLINE" });
  });

  it("races with answers, other retries, departures and writes, and settles as often as it was asked", async () => {
    const { runtime, admin } = fixture;
    for (let round = 0; round < 12; round++) {
      const [one, two] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([one, two]);
      await on.rollBack(contextId);
      await on.acknowledge(contextId, one, 4, false, "no");
      await Promise.allSettled([
        retry(contextId),
        retry(contextId),
        on.acknowledge(contextId, one, 4),
        on.acknowledge(contextId, two, 4),
        round % 2 === 0 ? on.leave(two) : on.acknowledge(contextId, two, 4),
        writeContext(runtime, admin, { contextId, data: { round } }),
      ]);
      await on.acknowledge(contextId, one, 4);
      await on.acknowledge(contextId, two, 4);
      expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect((await on.settled(contextId)).map((each) => (each as { state: string }).state)).toEqual([
        "FAILED",
        "SUCCEEDED",
      ]);
    }
  });
});

it("leaves nothing that contradicts itself", async () => {
  expect(await on.violations()).toEqual([]);
});
