import type { Database } from "@muster/database/database.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { rollbacksOn } from "../../test/rollbacks.ts";
import { InboxHub } from "./inbox-hub.ts";
import { readInboxes } from "./inbox-queries.ts";
import { InboxSubscription } from "./inbox-subscription.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

it("says what changed in contexts before the work that builds on it", async () => {
  const agent = await on.agent();
  const contextId = await on.contextOf([agent]);
  await holdTask(fixture, agent.id, { start: false });
  await on.rollBack(contextId);
  const { messages } = (await readInboxes(fixture.database, [agent.id])).get(agent.id) ?? { messages: [] };
  expect(messages.map(({ type }) => type)).toEqual(["ContextChanged", "TaskAssigned"]);
});

it("tells an agent of a rollback, once, also while it is given work without a pause", async () => {
  const { id: agentId, ...agent } = await on.agent();
  const contextId = await on.contextOf([{ id: agentId, ...agent }]);
  await on.rollBack(contextId);
  let reads = 0;
  // Whatever is read is from before the latest offer.
  const database: Database = {
    ...fixture.database,
    run: async (...parameters) => {
      const rows = await fixture.database.run(...parameters);
      reads += 1;
      hub.offer(agentId, []);
      return rows as never;
    },
  };
  const hub: InboxHub = new InboxHub({ ...fixture.runtime, database }, (error) => {
    throw error;
  });
  const { projectId } = fixture;
  const inbox = new InboxSubscription({ agentId, projectId, incarnation: 0 }, () => hub.delete(inbox));
  hub.add(inbox);
  const first = await inbox.next();
  expect(first.value).toMatchObject({ type: "ContextChanged", contextId, version: 4, rolledBack: true });
  const second = inbox.next();
  const before = reads;
  await expect.poll(() => reads, { timeout: 5_000 }).toBeGreaterThan(before + 12);
  await hub.close();
  expect(await second).toEqual({ done: true, value: undefined });
});
