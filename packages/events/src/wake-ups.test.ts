import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type PoolerProxy, startPoolerProxy } from "./testing/pooler-proxy.ts";
import { NotificationsSwallowed } from "./notification-echo.ts";
import { openWakeUps, type WakeUps } from "./wake-ups.ts";

let database: Database;
let cleanUp: (() => Promise<unknown>)[];

beforeEach(async () => {
  const { url, drop } = await createTestDatabase();
  database = openDatabase({ url, connections: 2 });
  cleanUp = [() => database.close(), drop];
});
afterEach(async () => {
  for (const step of cleanUp) await step();
});

interface Ear {
  readonly wakeUps: WakeUps;
  readonly errors: Error[];
  woken(): number;
}

function open(url: string): Ear {
  const errors: Error[] = [];
  let woken = 0;
  const wakeUps = openWakeUps({ url, onWake: () => (woken += 1), onError: (error) => errors.push(error) });
  cleanUp.unshift(() => wakeUps.close());
  return { wakeUps, errors, woken: () => woken };
}

async function proxy(): Promise<PoolerProxy> {
  const opened = await startPoolerProxy(database.url);
  cleanUp.unshift(() => opened.close());
  return opened;
}

/** Kills the backends that listen; says how many there were. */
async function disconnect(): Promise<number> {
  const rows = await database.query(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'muster wake-ups' and datname = current_database()`,
  );
  return rows.length;
}

const swallowedIn = (ear: Ear) => ear.errors.filter((error) => error instanceof NotificationsSwallowed).length;

it("wakes the others and not itself, with many messages in a few", async () => {
  const [speaker, listener] = [open(database.url), open(database.url)];
  await sleep(1_000);
  const [before, own] = [listener.woken(), speaker.woken()];
  for (let count = 0; count < 200; count += 1) {
    speaker.wakeUps.send();
    if (count % 20 === 0) await sleep(5);
  }
  await expect.poll(listener.woken).toBeGreaterThan(before);
  await sleep(200);
  expect(listener.woken() - before).toBeLessThan(20);
  expect(speaker.woken()).toBe(own);
});

it("says nothing where notifications arrive, also not after a broken connection", async () => {
  const ear = open(database.url);
  await sleep(2_300);
  expect(await disconnect()).toBe(1);
  await expect.poll(() => disconnect(), { timeout: 5_000 }).toBe(1);
  await sleep(2_500);
  expect(ear.errors.length).toBeGreaterThan(0);
  expect(swallowedIn(ear)).toBe(0);
}, 20_000);

it("says once that a pooler swallows notifications, and again only after they were heard", async () => {
  const pooler = await proxy();
  const ear = open(pooler.url);
  // Its own echo comes through and proves nothing.
  ear.wakeUps.send();
  await expect.poll(() => swallowedIn(ear), { timeout: 5_000 }).toBe(1);
  expect(pooler.swallowed()).toBeGreaterThan(0);
  expect(ear.errors[0]?.message).toContain("DATABASE_DIRECT_URL");
  await expect.poll(() => disconnect(), { timeout: 5_000 }).toBe(1);
  await sleep(3_000);
  expect(swallowedIn(ear)).toBe(1);
  for (const [passes, times] of [
    [true, 1],
    [false, 2],
  ] as const) {
    pooler.letPass(passes);
    await expect.poll(() => disconnect(), { timeout: 5_000 }).toBe(1);
    await sleep(1_000);
    await expect.poll(() => swallowedIn(ear), { timeout: 5_000 }).toBe(times);
  }
}, 30_000);

it("gives up its test at once when it is closed", async () => {
  const ear = open((await proxy()).url);
  await sleep(300);
  await ear.wakeUps.close();
  const left = sql`select from pg_stat_activity where application_name like 'muster wake-ups%' and datname = current_database()`;
  await expect.poll(async () => (await database.query(left)).length, { timeout: 700 }).toBe(0);
  await sleep(2_200);
  expect(ear.errors).toEqual([]);
});
