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
import { eventually } from "./processes.ts";
import { runAgent, taskIn, untilAborted } from "./sdk-fixtures.ts";

const MIB = 1_048_576;

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

describe("inputs and outputs", () => {
  it("hold up to a mebibyte of JSON, through the SDK and every transport", async () => {
    const agent = await runAgent(server, tenant, {
      tasks: { work: (given) => given.input, grow: (given) => `${String(given.input)}x` },
    });
    // With its quotes it is just as large as may be.
    const largest = "x".repeat(MIB - 2);
    const done = await runTask(clientOf(server.url), task({ agentId: agent.id, input: largest }));
    expect(done).toMatchObject({ state: "SUCCEEDED" });
    expect(done.output === largest).toBe(true);
    const failed = await runTask(clientOf(server.url), task({ agentId: agent.id, kind: "grow", input: largest }));
    expect(failed).toMatchObject({ state: "FAILED", error: { kind: "invalid_output", retryable: false } });
    expect(failed.error?.message).toMatch(/at most 1048576 bytes as JSON; it has 1048577/);
    await expect(runTask(clientOf(server.url), task({ input: `${largest}x` }))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/task\.input: must be at most 1048576 bytes/),
    });
    const huge = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.adminKey}` },
      body: JSON.stringify({ query: "{ viewer { permissions } }", variables: { x: "x".repeat(17 * MIB) } }),
    });
    expect(huge.status).toBe(413);
    await huge.body?.cancel();
  });
});

describe("createTasks", () => {
  it("creates 10,000 in one call", async () => {
    const tasks = Array.from({ length: 10_000 }, (_, n) =>
      task({ kind: "many", input: { n, text: "x".repeat(500) }, priority: n % 10, idempotencyKey: `many ${n}` }),
    );
    const begun = performance.now();
    const { repeated } = await change(server, "createTasks", { tasks }, "repeated");
    expect(repeated).toEqual(Array.from({ length: 10_000 }, () => false));
    expect(performance.now() - begun).toBeLessThan(20_000);
    const again = await change(server, "createTasks", { tasks: tasks.slice(0, 3) }, "repeated data { input }");
    expect(again).toMatchObject({ repeated: [true, true, true], data: [{ input: { n: 0 } }, {}, {}] });
  });
});

describe("what a task says", () => {
  it("is shown, and its dead letters are found by their kind of error", async () => {
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: () => {
          throw Object.assign(new Error("no licence"), { kind: "licence" });
        },
      },
    });
    const settings = {
      agentId: agent.id,
      concurrencyKey: "shown",
      concurrencyLimit: 3,
      idempotencyKey: "shown",
      idempotencyWindowMs: 3 * 366 * 86_400_000,
      resultTtlMs: 3_600_000,
      backoff: { initialMs: 10, factor: 1, maxMs: 20, jitter: true },
      retryRules: [
        { errorKind: "licence", retryable: false },
        { errorKind: "net", maxFailures: 9, backoff: { initialMs: 5, factor: 2, maxMs: 9 } },
      ],
    };
    const failed = await runTask(clientOf(server.url), task(settings));
    expect(failed).toMatchObject({ state: "FAILED", error: { kind: "licence", retryable: true } });
    const { data } = await change(server, "retryTask", { taskId: failed.id, priority: 7 });
    await taskIn(server, data?.["id"] as string, "FAILED");
    const shown = await server.ask<{ node: object; project: object }>(
      `query ($id: ID!, $path: String!) {
         node(id: $id) { ... on Task { failures concurrencyKey concurrencyLimit requiredLabels resultTtlMs resultExpiresAt resultExpiredAt
           rateLimitKey backoff { initialMs factor maxMs jitter }
           retryRules { errorKind retryable maxFailures initialMs factor maxMs jitter }
           replays { totalCount edges { node { id priority replayOf { id } } } } } }
         project(path: $path) {
           tasks(filter: { states: [FAILED], errorKinds: ["licence"] }, orderBy: { field: FINISHED_AT, direction: DESC }) { totalCount edges { node { id } } }
           others: tasks(filter: { states: [FAILED], errorKinds: ["net"] }) { totalCount }
           keyed: tasks(filter: { concurrencyKey: "shown" }) { totalCount } } }`,
      { id: failed.id, path: tenant.path },
    );
    expect(shown.data).toMatchObject({
      node: {
        failures: 1,
        concurrencyKey: "shown",
        concurrencyLimit: 3,
        requiredLabels: {},
        resultTtlMs: 3_600_000,
        resultExpiresAt: expect.any(String),
        resultExpiredAt: null,
        rateLimitKey: null,
        backoff: { initialMs: 10, factor: 1, maxMs: 20, jitter: true },
        retryRules: expect.arrayContaining([
          {
            errorKind: "licence",
            retryable: false,
            maxFailures: null,
            initialMs: null,
            factor: null,
            maxMs: null,
            jitter: null,
          },
          { errorKind: "net", retryable: null, maxFailures: 9, initialMs: 5, factor: 2, maxMs: 9, jitter: false },
        ]),
        replays: { totalCount: 1, edges: [{ node: { id: data?.["id"], priority: 7, replayOf: { id: failed.id } } }] },
      },
      project: {
        tasks: { totalCount: 2, edges: [{ node: { id: data?.["id"] } }, { node: { id: failed.id } }] },
        others: { totalCount: 0 },
        keyed: { totalCount: 2 },
      },
    });
  });

  it("holds: its result is removed after the time that it asked for", async () => {
    const agent = await runAgent(server, tenant, { tasks: { work: () => "secret" } });
    const done = await runTask(clientOf(server.url), task({ agentId: agent.id, resultTtlMs: 1_000 }));
    expect(done.output).toBe("secret");
    const read = async () =>
      (
        await server.ask<{ node: { output: unknown; resultExpiredAt: string | null } }>(
          `query ($id: ID!) { node(id: $id) { ... on Task { output resultExpiredAt } } }`,
          { id: done.id },
        )
      ).data?.node;
    const expired = await eventually(read, (found) => found?.resultExpiredAt != null);
    expect(expired?.output).toBeNull();
  });
});
