import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@muster/client/client.ts";
import { serverSentEvents } from "@muster/client/server-sent-events.ts";
import { followChunks, runTask, waitForTask } from "@muster/client/tasks.ts";
import type { TaskAborted } from "@muster/agent/failure.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createLogger } from "../src/logger.ts";
import { readSettings } from "../src/settings.ts";
import { startServer } from "../src/start-server.ts";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { runAgent, taskIn, untilAborted } from "./sdk-fixtures.ts";

let server: TestServer;
/** Another server over the same database. */
let replica: string;
let stopReplica: () => Promise<void>;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
  const other = await startReplica();
  replica = other.url;
  stopReplica = other.stop;
});
afterAll(async () => {
  await stopReplica();
  await server.stop();
});

async function startReplica(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-replica-test-"));
  const started = await startServer(
    readSettings({
      DATABASE_URL: server.databaseUrl,
      PORT: "0",
      MUSTER_DATA_DIR: dataDir,
      MUSTER_BOOTSTRAP_KEY: server.adminKey,
      MUSTER_LOG_LEVEL: "silent",
      MUSTER_SUPERVISE: "0",
    }),
    createLogger("silent"),
  );
  return {
    url: started.url,
    async stop() {
      await started.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function clientOf(url: string | readonly string[], transport?: typeof serverSentEvents): Client {
  const client = createClient({ url, credentials: () => server.adminKey, ...(transport ? { transport } : {}) });
  onTestFinished(() => client.close());
  return client;
}
const task = (more: object = {}) => ({ projectId: tenant.projectId, kind: "work", input: {}, ...more });

/** Tasks of kind "work", until `release` is called, whatever it is called with is their output. */
async function heldAgent() {
  const released = Promise.withResolvers<unknown>();
  const agent = await runAgent(server, tenant, { tasks: { work: () => released.promise } });
  return { ...agent, release: released.resolve };
}

describe("runTask", () => {
  it("gives the result, wherever the task runs", async () => {
    const agent = await runAgent(server, tenant, { tasks: { work: (given) => ({ got: given.input }) } });
    for (const url of [server.url, replica]) {
      const done = await runTask(clientOf(url), task({ agentId: agent.id, input: [1] }));
      expect(done).toMatchObject({ state: "SUCCEEDED", ended: true, output: { got: [1] }, error: null });
    }
    const answer = await change(
      server,
      "runTask",
      { task: task({ agentId: agent.id, idempotencyKey: "run" }), waitMs: 20_000 },
      "ended repeated data { id state output agent { id } }",
    );
    expect(answer).toMatchObject({
      ended: true,
      repeated: false,
      data: { state: "SUCCEEDED", output: { got: {} }, agent: { id: agent.id } },
    });
    expect(
      await change(server, "runTask", { task: task({ idempotencyKey: "run" }) }, "ended repeated data { id }"),
    ).toMatchObject({ ended: true, repeated: true, data: { id: answer.data?.["id"] } });
  });

  it("hears of the end at once, on any replica", async () => {
    const agent = await runAgent(server, tenant, { tasks: { work: () => "quick" } });
    const client = clientOf(replica);
    const times: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const begun = performance.now();
      await runTask(client, task({ agentId: agent.id }));
      times.push(performance.now() - begun);
    }
    // Without a hint it would be the next look, half a second after the one before.
    expect(times.toSorted((a, b) => a - b)[4]).toBeLessThan(400);
  });

  it("is gone on waiting for when the time was up", async () => {
    const agent = await heldAgent();
    const client = clientOf(replica);
    const first = await runTask(client, task({ agentId: agent.id }), { waitMs: 300 });
    expect(first.ended).toBe(false);
    const rest = waitForTask(client, first.id);
    agent.release("at last");
    expect(await rest).toMatchObject({ id: first.id, ended: true, state: "SUCCEEDED", output: "at last" });
    await expect(waitForTask(client, "task_nonsense")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("goes on waiting at another server when the one that it asked stops", async () => {
    const agent = await heldAgent();
    const third = await startReplica();
    const running = runTask(clientOf([third.url, server.url]), task({ agentId: agent.id }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begun = performance.now();
    await third.stop();
    // Whoever waits does not hold it up.
    expect(performance.now() - begun).toBeLessThan(4_500);
    agent.release("elsewhere");
    expect(await running).toMatchObject({ ended: true, output: "elsewhere" });
  });

  it("cancels a late task when it is told to", async () => {
    const agent = await createAgent(server, tenant, `idle ${crypto.randomUUID()}`);
    const late = { task: task({ agentId: agent.id }), waitMs: 100, cancelOnTimeout: true };
    expect(await change(server, "runTask", late, "ended data { state cancelReason }")).toMatchObject({
      ended: true,
      data: { state: "CANCELLED", cancelReason: "It had not ended after 100 ms." },
    });
    expect(await change(server, "runTask", { ...late, waitMs: 60_001 })).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["waitMs"] }],
    });
    expect(await change(server, "runTask", { task: task({ kind: "" }) })).toMatchObject({
      issues: [{ path: ["task", "kind"] }],
    });
    expect(await change(server, "runTask", late, "data { id }", agent.key)).toMatchObject({ __typename: "Forbidden" });
  });
});

describe("chunks", () => {
  it.each([
    ["WebSocket", undefined],
    ["server-sent events", serverSentEvents],
  ])("are followed over %s, on any replica, until the task ends", async (_name, transport) => {
    const go = Promise.withResolvers<void>();
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: async (_task, { progress }) => {
          for (let n = 1; n <= 40; n += 1) await progress(null, undefined, { n });
          await go.promise;
          for (let n = 41; n <= 60; n += 1) await progress(null, undefined, { n });
        },
      },
    });
    const { data } = await change(server, "createTask", task({ agentId: agent.id }));
    const id = data?.["id"] as string;
    const all = Array.from({ length: 60 }, (_, n) => n + 1);
    const followed = [server.url, replica].map(async (url) => {
      const numbers: number[] = [];
      for await (const { number, chunk, at } of followChunks(clientOf(url, transport), id)) {
        expect(chunk).toEqual({ n: number });
        expect(at).toBeInstanceOf(Date);
        numbers.push(number);
        if (number === 40) go.resolve();
      }
      return numbers;
    });
    expect(await Promise.all(followed)).toEqual([all, all]);
    const rest: number[] = [];
    for await (const { number } of followChunks(clientOf(replica, transport), id, { after: 57 })) rest.push(number);
    expect(rest).toEqual([58, 59, 60]);
    // As an EventSource comes back by itself.
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        "last-event-id": "59",
        authorization: `Bearer ${server.adminKey}`,
      },
      body: JSON.stringify({ query: `subscription { taskChunks(task: "${id}", after: 2) { number } }` }),
    });
    expect((await response.text()).match(/^(id|event|data): ?.*$/gm)).toEqual([
      "id: 60",
      "event: next",
      'data: {"data":{"taskChunks":{"number":60}}}',
      "event: complete",
      "data:",
    ]);
  });

  it("are each read once by a slow reader, whose connections break", async () => {
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: async (_task, { progress }) => {
          await Promise.all(Array.from({ length: 300 }, (_, n) => progress(null, undefined, n + 1)));
        },
      },
    });
    const { data } = await change(server, "createTask", task({ agentId: agent.id }));
    const id = data?.["id"] as string;
    await taskIn(server, id, "SUCCEEDED");
    const numbers: number[] = [];
    const sockets: WebSocket[] = [];
    class Breakable extends WebSocket {
      constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
        super(...parameters);
        sockets.push(this);
      }
    }
    const client = createClient({
      url: replica,
      credentials: () => server.adminKey,
      webSocketImpl: Breakable,
      backoff: { baseMs: 20, maxMs: 50 },
    });
    onTestFinished(() => client.close());
    for await (const { number } of followChunks(client, id)) {
      numbers.push(number);
      if (number % 70 === 0) sockets.at(-1)?.close();
      if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("end the handler whose lease is lost, when it reports", async () => {
    const aborted = Promise.withResolvers<unknown>();
    const report = Promise.withResolvers<void>();
    const agent = await runAgent(
      server,
      tenant,
      {
        tasks: {
          work: async (_task, { signal, progress }) => {
            await report.promise;
            void progress(0.5);
            aborted.resolve(await untilAborted(signal).catch((reason: unknown) => reason));
          },
        },
      },
      // No heartbeat says it before.
      { heartbeatMs: 60_000 },
    );
    const { data } = await change(server, "createTask", task({ agentId: agent.id, maxFailures: 1 }));
    const id = data?.["id"] as string;
    await taskIn(server, id, "RUNNING");
    // As if the sweeper of another replica had taken it away.
    const failed = await change(
      server,
      "failTask",
      { taskId: id, attempt: 1, message: "taken away", retryable: false },
      "data { state }",
    );
    expect(failed.data).toEqual({ state: "FAILED" });
    report.resolve();
    expect(await aborted.promise).toMatchObject({ reason: "lease_lost" } satisfies Partial<TaskAborted>);
  });

  it("say what is too much", async () => {
    const errors: unknown[] = [];
    const agent = await createAgent(server, tenant, `chunks ${crypto.randomUUID()}`);
    const { data } = await change(server, "connectAgent", { agentId: agent.id }, "data { incarnation }", agent.key);
    const created = await change(server, "createTask", task({ agentId: agent.id }));
    const taskId = created.data?.["id"];
    const claim = { agentId: agent.id, incarnation: data?.["incarnation"], max: 1, waitMs: 5_000 };
    await change(server, "claimTasks", claim, "data { id }", agent.key);
    await change(server, "startTask", { taskId, attempt: 1 }, "data { id }", agent.key);
    for (const length of [65_000, 65_537]) {
      const chunk = "x".repeat(length);
      errors.push(
        (await change(server, "reportProgress", { taskId, attempt: 1, chunk }, "data { id }", agent.key)).__typename,
      );
    }
    expect(errors).toEqual(["ReportProgressSuccess", "InvalidInput"]);
  });
});
