import { type Client, createClient } from "@muster/client/client.ts";
import type { serverSentEvents } from "@muster/client/server-sent-events.ts";
import { runTask } from "@muster/client/tasks.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually } from "./processes.ts";
import { runAgent, taskIn } from "./sdk-fixtures.ts";

const MIB = 1_048_576;

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

function clientOf(url: string | readonly string[], transport?: typeof serverSentEvents): Client {
  const client = createClient({ url, credentials: () => server.adminKey, ...(transport ? { transport } : {}) });
  onTestFinished(() => client.close());
  return client;
}
const task = (more: object = {}) => ({ projectId: tenant.projectId, kind: "work", input: {}, ...more });

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
