import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { expect, it, onTestFinished } from "vitest";
import { startPoolerProxy } from "@muster/events/testing/pooler-proxy.ts";
import { createTenant, type Tenant, type TestServer } from "./harness.ts";
import { eventually, type ServerProcess, startServerProcess } from "./processes.ts";

interface Followed {
  readonly taskUpdates: { readonly __typename: string; readonly event: { readonly subjectId: string } };
}

const UPDATES = document<Followed, { project: string; after: string | null }>(
  `subscription ($project: ID!, $after: String) { taskUpdates(project: $project, after: $after) {
    __typename ... on EventDelivery { cursor event { subjectId } } ... on Bookmark { cursor } ... on ResyncRequired { cursor reason } } }`,
);
const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on CreateTaskSuccess { data { id } } } }`;

async function testDatabase(): Promise<string> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** How long after its mutation at `writer` was answered an event reaches a subscriber of `reader`, in ms, time and again. */
async function delays(writer: ServerProcess, reader: ServerProcess, rounds: number): Promise<number[]> {
  const tenant: Tenant = await createTenant(writer as unknown as TestServer);
  const seen = new Map<string, number>();
  const client = createClient({ url: reader.url, credentials: () => reader.adminKey });
  onTestFinished(() => client.close());
  let live = false;
  client
    .follow({
      document: UPDATES,
      variables: { project: tenant.projectId },
      onEvent: (event) => void seen.set((event as { subjectId: string }).subjectId, performance.now()),
      onBookmark: () => {
        live = true;
      },
      onResync: () => {},
    })
    .catch(() => {});
  await expect.poll(() => live, { timeout: 10_000 }).toBe(true);
  const measured: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(100 + Math.random() * 300);
    const answer = await writer.ask<{ createTask: { data: { id: string } } }>(CREATE, {
      input: { projectId: tenant.projectId, kind: "nobody-does-it", input: {} },
    });
    const answered = performance.now();
    const id = answer.data?.createTask.data.id ?? "";
    await eventually(
      async () => seen.get(id),
      (at) => at !== undefined,
      5_000,
    );
    measured.push((seen.get(id) ?? 0) - answered);
  }
  return measured.toSorted((a, b) => a - b);
}

const SWALLOWED = "Notifications of PostgreSQL do not arrive";

it("wake each other: an event of one reaches the subscribers of another at once", async () => {
  const url = await testDatabase();
  const [writer, reader] = await Promise.all([
    startServerProcess(url, { MUSTER_LOG_LEVEL: "warn" }),
    startServerProcess(url, { MUSTER_LOG_LEVEL: "warn" }),
  ]);
  const measured = await delays(writer, reader, 15);
  expect(measured[5]).toBeLessThan(50);
  expect(reader.log()).not.toContain(SWALLOWED);
}, 60_000);

it("lose nothing but a second where a pooler swallows notifications, and say so", async () => {
  const url = await testDatabase();
  const pooler = await startPoolerProxy(url);
  onTestFinished(() => pooler.close());
  const [writer, reader] = await Promise.all([
    startServerProcess(url),
    startServerProcess(pooler.url, { MUSTER_LOG_LEVEL: "warn" }),
  ]);
  const measured = await delays(writer, reader, 10);
  expect(pooler.swallowed()).toBeGreaterThan(0);
  // Without a wake-up most events wait for the next look.
  expect(measured[5]).toBeGreaterThan(50);
  expect(measured.at(-1)).toBeLessThan(2_500);
  await eventually(
    async () => reader.log().split(SWALLOWED).length - 1,
    (times) => times === 1,
  );
}, 60_000);

it("wake each other past the pooler by DATABASE_DIRECT_URL, which has to lead to the same database", async () => {
  const url = await testDatabase();
  const pooler = await startPoolerProxy(url);
  onTestFinished(() => pooler.close());
  const [writer, reader] = await Promise.all([
    startServerProcess(url),
    startServerProcess(pooler.url, { MUSTER_LOG_LEVEL: "warn", DATABASE_DIRECT_URL: url }),
  ]);
  const measured = await delays(writer, reader, 15);
  expect(measured[5]).toBeLessThan(50);
  await sleep(1_000);
  expect(reader.log()).not.toContain(SWALLOWED);
  const other = await testDatabase();
  await expect(startServerProcess(url, { DATABASE_DIRECT_URL: other })).rejects.toThrow("ended before it was ready");
}, 60_000);
