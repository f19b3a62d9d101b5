import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@muster/client/client.ts";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { migrate } from "@muster/database/migrate.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, type Tenant, type TestServer } from "./harness.ts";
import { createJournal, eventually, kill, type ServerProcess, startServerProcess, startWorker } from "./processes.ts";

interface TaskRow {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly failures: number;
  readonly output: { doneBy: number } | null;
}

/** What the subscriber asks for of an event. */
interface Followed {
  readonly __typename: "EventDelivery";
  readonly cursor: string;
  readonly event: {
    readonly id: string;
    readonly __typename: string;
    readonly to?: string;
    readonly subjectId?: string;
  };
}

const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on CreateTaskSuccess { data { id } } } }`;
const TASK = `query ($id: ID!) { node(id: $id) { ... on Task { id state attempt failures output agent { name } } } }`;

async function testDatabase(): Promise<string> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

async function createTask(server: ServerProcess, tenant: Tenant, ms: number): Promise<string> {
  const answer = await server.ask<{ createTask: { data?: { id: string } } }>(CREATE, {
    input: { projectId: tenant.projectId, kind: "work", input: { ms } },
  });
  const id = answer.data?.createTask.data?.id;
  if (!id) throw new Error(`The task was not created: ${JSON.stringify(answer)}`);
  return id;
}

async function readTask(server: ServerProcess, id: string): Promise<TaskRow> {
  const answer = await server.ask<{ node: TaskRow }>(TASK, { id });
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data.node;
}

/** The harness speaks to servers in this process; these are elsewhere, but answer the same. */
const asHarness = (server: ServerProcess) => server as unknown as TestServer;

describe("SIGKILL of an agent in the middle of a task", () => {
  it("gives the task to another agent, once", async () => {
    const server = await startServerProcess(await testDatabase());
    const tenant = await createTenant(asHarness(server));
    const journal = await createJournal();
    const first = startWorker(server.url, await createAgent(asHarness(server), tenant, "first"), journal.path);
    const id = await createTask(server, tenant, 4_000);
    await eventually(journal.lines, (lines) => lines.length === 1);
    const second = startWorker(server.url, await createAgent(asHarness(server), tenant, "second"), journal.path);
    await kill(first);

    const task = await eventually(
      () => readTask(server, id),
      (row) => row.state === "SUCCEEDED",
      30_000,
    );
    expect(task).toMatchObject({ attempt: 2, failures: 1, output: { doneBy: second.pid } });
    expect(await journal.lines()).toEqual([
      `begin ${id} 1 ${first.pid}`,
      `begin ${id} 2 ${second.pid}`,
      `end ${id} 2 ${second.pid}`,
    ]);
  }, 60_000);
});

describe("SIGKILL of the server", () => {
  it("loses nothing that was acknowledged; agents reconnect by themselves and keep their task", async () => {
    const server = await startServerProcess(await testDatabase());
    const tenant = await createTenant(asHarness(server));
    const journal = await createJournal();
    const agent = await createAgent(asHarness(server), tenant, "worker", { maxConcurrency: 4 });
    const worker = startWorker(server.url, agent, journal.path);
    const long = await createTask(server, tenant, 6_000);
    await eventually(journal.lines, (lines) => lines.length === 1);

    const acknowledged: string[] = [long];
    let killed = false;
    const creating = (async () => {
      for (let count = 0; count < 2_000 && !killed; count += 1) {
        const id = await createTask(server, tenant, 1).catch(() => null);
        if (id !== null) acknowledged.push(id);
      }
    })();
    await eventually(
      async () => acknowledged.length,
      (count) => count > 5,
      5_000,
    );
    await server.kill();
    killed = true;
    await creating;
    await server.start();

    for (const id of acknowledged) {
      await eventually(
        () => readTask(server, id),
        (row) => row.state === "SUCCEEDED",
        40_000,
      );
    }
    // The process that had the long task kept it: no second attempt, no failure.
    expect(await readTask(server, long)).toMatchObject({ attempt: 1, failures: 0, output: { doneBy: worker.pid } });
    expect((await journal.lines()).filter((line) => line.startsWith(`begin ${long}`))).toHaveLength(1);
  }, 90_000);
});

describe("Postgres killed and started again under load", () => {
  it("loses nothing that was acknowledged, and a subscriber misses nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "muster-faults-"));
    await chmod(folder, 0o711);
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    let postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
    onTestFinished(() => postgres.stop());
    await migrate(postgres.url);
    const server = await startServerProcess(postgres.url);
    const tenant = await createTenant(asHarness(server));
    const journal = await createJournal();
    startWorker(
      server.url,
      await createAgent(asHarness(server), tenant, "worker", { maxConcurrency: 8 }),
      journal.path,
    );

    const ids: string[] = [];
    // A task may be queued again, when its offer or its run was lost.
    const seen: string[] = [];
    const ended = new AbortController();
    const client = createClient({ url: server.url, credentials: () => server.adminKey });
    onTestFinished(() => {
      ended.abort();
      return client.close();
    });
    const { data } = await server.ask<{ project: { cursor: string } }>(
      `query ($path: String!) { project(path: $path) { cursor } }`,
      {
        path: tenant.path,
      },
    );
    const following = client.follow<{ events: Followed }, { project: string; after: string }>({
      document: `subscription ($project: ID!, $after: String) { events(project: $project, after: $after) {
        __typename
        ... on EventDelivery { cursor event { id __typename ... on TaskTransitioned { to subjectId } } }
        ... on Bookmark { cursor caughtUp }
        ... on ResyncRequired { cursor reason }
      } }`,
      variables: { project: tenant.projectId },
      after: data?.project.cursor ?? "",
      onEvent: ({ id, to, subjectId }) => {
        ids.push(id);
        if (to === "QUEUED" || to === "SUCCEEDED") seen.push(`${subjectId} ${to}`);
      },
      onResync: () => {
        throw new Error("The feed lost its place.");
      },
      signal: ended.signal,
    });
    following.catch((error: unknown) => seen.push(String(error)));

    const acknowledged: string[] = [];
    const until = performance.now() + 4_000;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (performance.now() < until) {
          const id = await createTask(server, tenant, 1).catch(() => null);
          if (id === null) await sleep(50);
          else acknowledged.push(id);
        }
      }),
    );
    await sleep(1_000);
    process.kill(postgres.pid, "SIGKILL");
    await postgres.exited;
    await sleep(500);
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), port: postgres.port });
    await load;

    expect(acknowledged.length).toBeGreaterThan(20);
    for (const id of acknowledged) {
      await eventually(
        () => readTask(server, id),
        (row) => row.state === "SUCCEEDED",
        40_000,
      );
    }
    const wanted = acknowledged.flatMap((id) => [`${id} QUEUED`, `${id} SUCCEEDED`]);
    await eventually(
      async () => wanted.filter((line) => !seen.includes(line)),
      (missing) => missing.length === 0,
    );
    expect(new Set(ids).size, "nothing twice").toBe(ids.length);
  }, 120_000);
});
