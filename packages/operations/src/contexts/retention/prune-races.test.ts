import { InvalidInput, NotFound, VersionHeld, VersionPruned } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import {
  closeUnbroken,
  contentViolations,
  contentsOf,
  document,
  keptVersions,
  newContext,
  readAll,
} from "../../../test/pruning.ts";
import { newId } from "../../new-id.ts";
import type { Runtime } from "../../runtime.ts";
import { forkContext } from "../fork-context.ts";
import { lockContext } from "../context-queries.ts";
import { pinVersion, unpinVersion } from "./pin-version.ts";
import { pruneContext } from "./prune-context.ts";
import { pruneContexts } from "./prune-contexts.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { getVersionData } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({}, 40);
});
beforeEach(() => fixture.database.query(sql`update contexts set keep_versions = null`));
afterAll(() => closeUnbroken(fixture));

const prune = () => pruneContexts(fixture.runtime);
const write = (contextId: string, value: number) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, data: document(value) });
const dataOf = async (contextId: string, number: number) =>
  (await getVersionData(fixture.runtime, fixture.admin, [{ contextId, number }]))[0]?.data;

/** A runtime that does `between` once, after the first statement outside of a transaction has been answered. */
function interrupted(between: () => Promise<unknown>): Runtime {
  const { runtime } = fixture;
  let done = false;
  return {
    ...runtime,
    database: {
      ...runtime.database,
      async run(statement, values) {
        const rows = await runtime.database.run(statement, values);
        if (!done) {
          done = true;
          await between();
        }
        return rows;
      },
    },
  };
}

/** Resolves once so many statements wait for a lock. */
async function untilWaiting(statements: number): Promise<void> {
  for (;;) {
    const [found] = await fixture.database.query<{ count: number }>(sql`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if ((found?.count ?? 0) >= statements) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("a write whose base goes meanwhile", () => {
  it("is stored all the same, when the base went before it began", async () => {
    const { admin } = fixture;
    const contextId = await newContext(fixture, 1, 5);
    const runtime = interrupted(async () => {
      for (let value = 6; value <= 20; value++) await write(contextId, value);
      await prune();
      expect(await keptVersions(fixture, contextId)).toEqual([20]);
    });
    const { number } = await writeContext(runtime, admin, { contextId, data: document(99) });
    expect(number).toBe(21);
    expect(await dataOf(contextId, 21)).toEqual(document(99));
    expect(await contentViolations(fixture)).toEqual([]);
  });

  it("is stored all the same, when the base goes while it waits for the context", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext(fixture, 1, 5);
    let pruning: Promise<unknown> | undefined;
    // Retention has done all it does, and commits once the write waits for it.
    const committingLate: Runtime = {
      ...runtime,
      database: {
        ...database,
        transaction: (work) =>
          database.transaction(async (transaction) => {
            const result = await work(transaction);
            await untilWaiting(1);
            return result;
          }),
      },
    };
    const slow = interrupted(async () => {
      for (let value = 6; value <= 20; value++) await write(contextId, value);
      pruning = pruneContext(committingLate, admin, contextId);
      // Until it holds the context.
      while (
        (await database.query(sql`select 1 from contexts where id = ${contextId} for update skip locked`)).length > 0
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const { number } = await writeContext(slow, admin, { contextId, data: document(99) });
    expect(await pruning).toBe(true);
    expect(number).toBe(21);
    expect(await keptVersions(fixture, contextId)).toEqual([20, 21]);
    expect(await dataOf(contextId, 21)).toEqual(document(99));
    expect(await contentViolations(fixture)).toEqual([]);
  });

  it("never hangs on a base that came again further from its snapshot", async () => {
    const { admin } = fixture;
    const contextId = await newContext(fixture, 1, 2);
    // What is to be a patch of version 2, at depth 2.
    const runtime = interrupted(async () => {
      for (let value = 3; value <= 19; value++) await write(contextId, value);
      await prune();
      await write(contextId, 19.5);
      for (let value = 20; value <= 28; value++) await write(contextId, value);
      await write(contextId, 2);
      const again = (await contentsOf(fixture, contextId)).find(({ first }) => first === 2);
      expect(again?.depth).toBeGreaterThan(2);
    });
    const { number } = await writeContext(runtime, admin, { contextId, data: document(99) });
    expect(await dataOf(contextId, number)).toEqual(document(99));
    expect(await contentViolations(fixture)).toEqual([]);
  });

  it("never hangs on a base that came again with a longer patch", async () => {
    const { admin } = fixture;
    const contextId = await newContext(fixture, 1);
    const put = (value: number) => ({ ...(document(value) as object), other: "o".repeat(400) });
    for (const value of [1, 2, 3]) await writeContext(fixture.runtime, admin, { contextId, data: put(value) });
    const runtime = interrupted(async () => {
      for (let value = 4; value <= 19; value++) await write(contextId, value);
      await prune();
      await writeContext(fixture.runtime, admin, { contextId, data: put(3) });
      expect((await contentsOf(fixture, contextId)).find(({ first }) => first === 3)).toMatchObject({ depth: 1 });
    });
    const { number } = await writeContext(runtime, admin, { contextId, data: put(99) });
    expect(await dataOf(contextId, number)).toEqual(put(99));
    expect(await contentViolations(fixture)).toEqual([]);
  });

  it("stores data again that goes while it is written", async () => {
    const { admin } = fixture;
    const contextId = await newContext(fixture, 1, 20);
    const runtime = interrupted(prune);
    const { number } = await writeContext(runtime, admin, { contextId, data: document(3) });
    expect(await dataOf(contextId, number)).toEqual(document(3));
    expect((await contentsOf(fixture, contextId)).map(({ first }) => first)).toEqual([3, 20]);
  });
});

describe("retention while others are at work", () => {
  it("does not make those who wait for it wait for each other, while somebody refers to the context", async () => {
    const { admin, database } = fixture;
    const contextId = await newContext(fixture, 1, 20);
    let writing: Promise<unknown>[] = [];
    // As whatever does that names the context in a row of its own.
    await database.transaction(async (referring) => {
      await referring.query(sql`select 1 from contexts where id = ${contextId} for key share`);
      await database.transaction(async (transaction) => {
        await lockContext(transaction, admin, contextId);
        writing = [1, 2, 3, 4].map((value) => write(contextId, 100 + value));
        await untilWaiting(4);
        await transaction.query(sql`update contexts set pruned_through = pruned_through where id = ${contextId}`);
      });
      await Promise.all(writing);
    });
    expect(await keptVersions(fixture, contextId)).toHaveLength(24);
  });

  it("takes nothing that somebody reads, writes, pins, forks or goes back to", async () => {
    const { runtime, admin, database } = fixture;
    const contexts = await Promise.all([1, 2, 3].map((keep) => newContext(fixture, keep, 3)));
    // Long enough for all of it to have happened, however busy the machine is.
    const until = Date.now() + 25_000;
    const enough = () => (written.size > 200 && forks > 10 && pins > 10) || Date.now() > until;
    const written = new Map<string, number>();
    let forks = 0;
    let pins = 0;
    const any = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;
    const repeatedly = async (
      work: (contextId: string) => Promise<unknown>,
      ...expected: (abstract new (...any: never[]) => Error)[]
    ) => {
      while (!enough()) {
        await work(any(contexts)).catch((error: unknown) => {
          if (!expected.some((kind) => error instanceof kind)) throw error;
        });
      }
    };
    const current = async (contextId: string) =>
      (
        await database.query<{ number: number }>(
          sql`select current_version as number from contexts where id = ${contextId}`,
        )
      )[0]?.number ?? 1;
    const recent = async (contextId: string) => Math.max(1, (await current(contextId)) - Math.floor(Math.random() * 6));
    const writing = () =>
      repeatedly(async (contextId) => {
        const value = Math.floor(Math.random() * 40);
        const { number } = await write(contextId, value);
        written.set(`${contextId}@${number}`, value);
      }, VersionHeld);
    await Promise.all([
      ...Array.from({ length: 6 }, writing),
      ...Array.from({ length: 3 }, () => repeatedly(prune)),
      repeatedly(async (contextId) => {
        const number = await recent(contextId);
        const data = await dataOf(contextId, number);
        const value = written.get(`${contextId}@${number}`);
        if (value !== undefined) expect(data).toEqual(document(value));
      }, VersionPruned),
      repeatedly(async (contextId) => {
        const name = newId();
        const number = await recent(contextId);
        await pinVersion(runtime, admin, { contextId, number, name });
        pins += 1;
        const data = await dataOf(contextId, number);
        const value = written.get(`${contextId}@${number}`);
        if (value !== undefined) expect(data).toEqual(document(value));
        if (pins % 4 > 0) await unpinVersion(runtime, admin, { contextId, name });
      }, VersionPruned),
      repeatedly(async (contextId) => {
        await forkContext(runtime, admin, { contextId, number: await recent(contextId), name: newId() });
        forks += 1;
      }, VersionPruned),
      repeatedly(
        async (contextId) => {
          const toVersion = await recent(contextId);
          await rollBackContext(runtime, admin, { contextId, toVersion, reason: "race" });
          await database.query(sql`update context_versions set held_since = null where context_id = ${contextId}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        },
        VersionPruned,
        InvalidInput,
        NotFound,
      ),
    ]);
    expect(written.size).toBeGreaterThan(60);
    expect(forks).toBeGreaterThan(5);
    expect(pins).toBeGreaterThan(5);
    for (let round = 0; round < 2; round++) await prune();
    for (const contextId of contexts) {
      const kept = new Set(await keptVersions(fixture, contextId));
      const count = await current(contextId);
      const data = await readAll(fixture, contextId, count);
      for (let number = 4; number <= count; number++) {
        const value = written.get(`${contextId}@${number}`);
        if (!kept.has(number)) expect(data.get(number)).toBe("VersionPruned");
        else if (value !== undefined) expect(data.get(number)).toEqual(document(value));
        else expect(typeof data.get(number)).toBe("object");
      }
      expect(kept.size).toBeLessThan(count / 2);
    }
    expect(await contentViolations(fixture)).toEqual([]);
  }, 60_000);

  it("is done once by many replicas", async () => {
    const contextId = await newContext(fixture, 1, 30);
    await Promise.all(Array.from({ length: 10 }, prune));
    const events = await fixture.database.query(
      sql`select (payload->'count')::int as count from events where context_id = ${contextId} and type = 'context.versions_pruned'`,
    );
    expect(events).toEqual([{ count: 29 }]);
  });

  it("does not wait for who holds the context", async () => {
    const contextId = await newContext(fixture, 1, 30);
    await fixture.database.transaction(async (transaction) => {
      await lockContext(transaction, fixture.admin, contextId);
      await prune();
    });
    expect(await keptVersions(fixture, contextId)).toHaveLength(30);
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([30]);
  });
});
