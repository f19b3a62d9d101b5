import { type Database, openDatabase } from "@muster/database/database.ts";
import type { Runtime } from "../runtime.ts";
import { Conflict, RollbackPending, VersionHeld } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlesOn } from "../../test/bundles.ts";
import { violationsIn } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { eventually } from "../../test/workers.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { appendVersion } from "../contexts/versions/append-version.ts";
import { prepareData } from "../contexts/versions/data-hash.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";
import { newId } from "../new-id.ts";
import { rollBackAgent } from "./roll-back-agent.ts";

let fixture: Fixture;
let on: ReturnType<typeof bundlesOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = bundlesOn(fixture);
});
afterAll(() => fixture.close());

const times = <Result>(count: number, work: (at: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)));

/** An agent with three contexts that are written in turn, and bundles 1 to 11. */
async function changedAgent() {
  const { id } = await on.agent({ level: 0 });
  const contexts = await Promise.all(["a", "b", "c"].map((name) => on.context(id, name)));
  for (const round of [1, 2]) for (const contextId of contexts) await on.write(contextId, { round });
  for (const maxConcurrency of [2, 3, 4, 5]) await on.update(id, { maxConcurrency });
  return { id, contexts };
}

describe("at the same time as rollBackAgent", () => {
  it("others of the same agent come one after the other", async () => {
    const { id } = await changedAgent();
    const made = await times(12, (at) => on.rollBack(id, at % 2 === 0 ? 4 : 7));
    for (const [at, { changed, bundle }] of made.entries()) {
      if (changed) expect(await on.at(id, bundle)).toEqual(await on.at(id, at % 2 === 0 ? 4 : 7));
    }
    await on.update(id, { config: { level: 1 } });
    const expectedBundle = await on.head(id);
    const only = await Promise.allSettled(
      [2, 3, 4, 5, 6].map((toBundle) => on.rollBack(id, toBundle, { expectedBundle })),
    );
    expect(only.filter(({ status }) => status === "fulfilled").length).toBe(1);
    for (const each of only) if (each.status === "rejected") expect(each.reason).toBeInstanceOf(Conflict);
  });

  it("writes to contexts come before or after it as a whole, and none is lost", async () => {
    const { id, contexts } = await changedAgent();
    const wanted = await on.at(id, 4);
    const written: { contextId: string; number: number; data: unknown }[] = [];
    const writing = times(24, async (at) => {
      const contextId = contexts[at % 3]!;
      const data = { writer: at };
      const { number } = await on.write(contextId, data);
      written.push({ contextId, number, data });
    });
    const rollbacks = times(6, () => on.rollBack(id, 4));
    for (const { changed, bundle } of await rollbacks) if (changed) expect(await on.at(id, bundle)).toEqual(wanted);
    await writing;
    const bundles = await on.list(id);
    for (const { contextId, number, data } of written) {
      const at = bundles.find((bundle) => bundle.contextId === contextId && bundle.contextVersion === number);
      const name = ["a", "b", "c"][contexts.indexOf(contextId)]!;
      expect((await on.at(id, at!.number)).contexts[name]).toEqual(data);
    }
    expect(await on.at(id, await on.head(id))).toEqual(await on.now(id));
  });

  it("changes of the agent come before or after it as a whole, and none is lost", async () => {
    const { id } = await changedAgent();
    const wanted = await on.at(id, 4);
    const updating = times(12, (at) => on.update(id, { config: { level: at + 1 } }));
    const rollbacks = times(6, () => on.rollBack(id, 4));
    for (const { changed, bundle } of await rollbacks) if (changed) expect(await on.at(id, bundle)).toEqual(wanted);
    await updating;
    const configs = (await Promise.all((await on.list(id)).map(({ number }) => on.at(id, number)))).map(
      ({ config }) => config as { level: number },
    );
    for (let level = 1; level <= 12; level++)
      expect(configs.filter((config) => config.level === level)).not.toEqual([]);
  });

  it("rollbacks of its contexts and new processes of the agent get their turn, without deadlock", async () => {
    const { id, contexts } = await changedAgent();
    const { runtime, admin } = fixture;
    const others = [
      ...contexts.map(
        (contextId) => () => rollBackContext(runtime, admin, { contextId, toVersion: 1, reason: "race" }),
      ),
      () => connectAgent(runtime, admin, { agentId: id }),
      () => on.context(id, "late").then((contextId) => on.write(contextId, { late: crypto.randomUUID() })),
    ];
    await times(30, async (at) => {
      if (at % 3 === 0) return on.rollBack(id, at % 2 === 0 ? 4 : 7, { tasks: "DRAIN" });
      return others[at % others.length]!().catch((error: unknown) => {
        if (error instanceof VersionHeld || error instanceof RollbackPending) return null;
        throw error;
      });
    });
    expect(await on.at(id, await on.head(id))).toEqual(await on.now(id));
  });
});

it("waits for a context that is just being made before it judges what the newest bundle is", async () => {
  const { id } = await changedAgent();
  const { database, admin, projectId, workspaceId } = fixture;
  const expectedBundle = await on.head(id);
  let refused: Promise<unknown> = Promise.resolve();
  await database.transaction(async (transaction) => {
    const contextId = newId();
    await transaction.query(sql`
      insert into contexts (id, workspace_id, project_id, agent_id, name) values (${contextId}, ${workspaceId}, ${projectId}, ${id}, 'new')`);
    const { hash, text, sizeBytes } = prepareData({ new: true });
    await appendVersion(transaction, admin, {
      contextId,
      data: { hash, sizeBytes },
      content: { body: text, baseHash: null, depth: 0, chainBytes: 0 },
      message: null,
      expectedVersion: null,
      baseVersion: null,
      rolledBackTo: null,
      idempotencyKey: null,
      mergedFrom: null,
      reason: null,
    });
    refused = on.rollBack(id, 4, { expectedBundle }).catch((error: unknown) => error);
    await eventually(async () => {
      const [row] = await database.query<{ waiting: boolean }>(sql`
        select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waiting`);
      return row!.waiting;
    });
  });
  expect(await refused).toBeInstanceOf(Conflict);
  expect(await on.head(id)).toBe(expectedBundle + 1);
});

describe("a server that dies during rollBackAgent", () => {
  /** Like the fixture's, but its connection is cut just before a transaction's statement with this number. */
  function mortal(database: Database, dieAt: number): { runtime: Runtime; ran: () => number } {
    let ran = 0;
    const runtime: Runtime = {
      ...fixture.runtime,
      database: {
        ...database,
        transaction: (work) =>
          database.transaction((transaction) =>
            work({
              ...transaction,
              async run(statement, values) {
                if (++ran === dieAt)
                  await fixture.database.query(
                    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mortal'`,
                  );
                return transaction.run(statement, values);
              },
            }),
          ),
      },
    };
    return { runtime, ran: () => ran };
  }

  it("leaves all or nothing, wherever it dies", async () => {
    const { id } = await changedAgent();
    await connectAgent(fixture.runtime, fixture.admin, { agentId: id });
    const facts = () =>
      fixture.database.query(sql`
        select (select array_agg(row(a.*)::text) from agents a where id = ${id}) as agent,
          (select array_agg(row(c.*)::text order by c.id) from contexts c where agent_id = ${id}) as contexts,
          (select count(*) from events where agent_id = ${id}) as events,
          (select max(number) from agent_bundles where agent_id = ${id}) as bundle`);
    const before = await facts();
    let deaths = 0;
    for (let dieAt = 1; ; dieAt++) {
      const database = openDatabase({ url: fixture.url, connections: 1, applicationName: "mortal" });
      const { runtime, ran } = mortal(database, dieAt);
      const input = { agentId: id, toBundle: 4, reason: "it went wrong", tasks: "DRAIN" } as const;
      const outcome = await rollBackAgent(runtime, fixture.admin, input).catch(() => null);
      await database.close();
      if (outcome) {
        expect(outcome.changed).toBe(true);
        expect(ran()).toBeLessThan(dieAt);
        break;
      }
      deaths++;
      expect(await facts()).toEqual(before);
    }
    expect(deaths).toBeGreaterThan(10);
    expect(await on.now(id)).toEqual(await on.at(id, 4));
  });
});

it("leaves everything consistent", async () => {
  expect(await violationsIn(fixture.database)).toEqual([]);
});
