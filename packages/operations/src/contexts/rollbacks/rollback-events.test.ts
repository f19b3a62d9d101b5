import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { rollbacksOn } from "../../../test/rollbacks.ts";
import { acknowledgeContext } from "./acknowledge-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

interface Told {
  readonly type: string;
  readonly agentId: string | null;
  readonly payload: Record<string, unknown>;
}

/** What is told about a context's rollbacks, in order; of answers and departures with the agent whose timeline has them. */
async function told(contextId: string): Promise<[what: string, agentId: string | null, payload: object][]> {
  const rows = await fixture.database.query<Told>(sql`
    select substr(type, 9) as type, case when type <> 'context.rollback_settled' then agent_id end as "agentId", payload - 'shared' as payload from events
    where context_id = ${contextId} and type like 'context.rollback%' order by id`);
  return rows.map(({ type, agentId, payload }) => [type, agentId, payload]);
}

/** Whether times and versions run with the ids. */
async function inOrder(contextId: string): Promise<boolean> {
  const [found] = await fixture.database.query<{ ordered: boolean }>(sql`
    select coalesce(bool_and(ordered), true) as ordered from (
      select at >= lag(at, 1, at) over (order by id) and subject_version >= lag(subject_version, 1, 0) over (order by id) as ordered
      from events where context_id = ${contextId}) steps`);
  return found?.ordered ?? false;
}

describe("what is told about a rollback", () => {
  it("has each agent's answer once, in that agent's timeline, before how it ended", async () => {
    const [one, two] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, two]);
    await on.rollBack(contextId);
    for (let again = 0; again < 3; again++) await on.acknowledge(contextId, one, 4);
    expect(await told(contextId)).toEqual([
      ["rollback_confirmed", one.id, { agent: one.caller.actor.name, version: 4, ok: true, error: null }],
    ]);
    await Promise.all(Array.from({ length: 4 }, () => on.acknowledge(contextId, two, 4)));
    await on.acknowledge(contextId, two, 4, false, "too late");
    expect((await told(contextId)).slice(1)).toEqual([
      ["rollback_confirmed", two.id, { agent: two.caller.actor.name, version: 4, ok: true, error: null }],
      ["rollback_settled", null, { version: 4, state: "SUCCEEDED", error: null }],
    ]);
    expect(await inOrder(contextId)).toBe(true);
  });

  it("names the agent that answered, whoever says so for it, and why it could not", async () => {
    const [one, other] = [await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, other]);
    await on.rollBack(contextId);
    const failed = { contextId, agentId: one.id, version: 4, ok: false, error: "no memory" };
    await acknowledgeContext(fixture.runtime, fixture.admin, failed);
    const name = one.caller.actor.name;
    expect(await told(contextId)).toEqual([
      ["rollback_confirmed", one.id, { agent: name, version: 4, ok: false, error: "no memory" }],
      ["rollback_settled", null, { version: 4, state: "FAILED", error: `${name}: no memory` }],
    ]);
    // An answer after the end is kept, and told.
    await on.acknowledge(contextId, other, 4);
    expect((await told(contextId)).slice(2)).toEqual([
      ["rollback_confirmed", other.id, { agent: other.caller.actor.name, version: 4, ok: true, error: null }],
    ]);
    expect(await inOrder(contextId)).toBe(true);
  });

  it("has nothing of what answers no rollback", async () => {
    const reader = await on.agent();
    const contextId = await on.contextOf([reader]);
    await on.acknowledge(contextId, reader, 3);
    await on.acknowledge(contextId, reader, 3, false, "no");
    await on.rollBack(contextId);
    await on.acknowledge(contextId, reader, 3);
    expect(await told(contextId)).toEqual([]);
  });

  it("has an agent's own context in its timeline only", async () => {
    const owner = await on.agent();
    const contextId = await on.contextOf([owner], owner.id);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, owner, 4);
    const [shared] = await fixture.database.query<{ shared: boolean }>(
      sql`select (payload->'shared')::boolean as shared from events where context_id = ${contextId} and type = 'context.rollback_confirmed'`,
    );
    expect(shared).toEqual({ shared: false });
    expect((await told(contextId)).map(([what, agentId]) => [what, agentId])).toEqual([
      ["rollback_confirmed", owner.id],
      ["rollback_settled", null],
    ]);
  });

  it("has each agent that drops out once, before what settles without it", async () => {
    const [one, other, answered] = [await on.agent(), await on.agent(), await on.agent()];
    const contextId = await on.contextOf([one, other, answered]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, answered, 4);
    for (const agent of [one, one, other, answered]) await on.leave(agent);
    expect((await told(contextId)).map(([what, agentId, payload]) => [what, agentId, payload])).toEqual([
      ["rollback_confirmed", answered.id, { agent: answered.caller.actor.name, version: 4, ok: true, error: null }],
      ["rollback_agent_dropped", one.id, { agent: one.caller.actor.name, version: 4 }],
      ["rollback_agent_dropped", other.id, { agent: other.caller.actor.name, version: 4 }],
      ["rollback_settled", null, { version: 4, state: "SUCCEEDED", error: null }],
    ]);
    expect(await inOrder(contextId)).toBe(true);
  });

  it("has one word of an agent that answers and leaves at the same moment", async () => {
    for (let round = 0; round < 12; round++) {
      const [one, other] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([one, other]);
      await on.rollBack(contextId);
      await Promise.all([
        on.leave(one),
        on.acknowledge(contextId, one, 4),
        on.acknowledge(contextId, one, 4),
        on.acknowledge(contextId, other, 4),
      ]);
      const events = await told(contextId);
      expect(events.filter(([, agentId]) => agentId === one.id)).toHaveLength(1);
      expect(events.filter(([, agentId]) => agentId === other.id)).toHaveLength(1);
      expect(events.map(([what]) => what).indexOf("rollback_settled")).toBe(2);
      expect(await inOrder(contextId)).toBe(true);
    }
  });
});
