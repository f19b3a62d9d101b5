import { type Client, createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countStatements } from "./count-statements.ts";
import { change as send } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
let names = 0;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string, key?: string) => send(server, name, input, fields, key);

/** An agent whose process has connected. */
async function connected(maxConcurrency = 1) {
  const agent = await createAgent(server, tenant, `agent ${names++}`, { maxConcurrency });
  const { data } = await change("connectAgent", { agentId: agent.id }, "data { incarnation }", agent.key);
  return { ...agent, incarnation: data?.["incarnation"] as number };
}

const create = (input: object = {}, fields = "data { id }") =>
  change("createTask", { projectId: tenant.projectId, kind: "work", input: { n: 1 }, ...input }, fields);

async function start(input: { taskId: string; attempt: number }, key: string) {
  const answer = await server.ask<{ startTask: { __typename: string; currentAttempt?: number } }>(
    `mutation ($input: TaskRef!) { startTask(input: $input) { __typename ... on LeaseLost { currentAttempt } } }`,
    { input },
    key,
  );
  return answer.data?.startTask;
}

const TASK = `data { id kind queue capability priority state version attempt failures maxFailures input output progress progressMessage
  error { kind message retryable } agent { id } project { path } replayOf { id input } idempotencyKey startedAt finishedAt
  chunks { totalCount edges { node { number attempt chunk } } } }`;

describe("a claim that waits", () => {
  it("is given nothing once its client has gone away", async () => {
    const agent = await connected();
    const gone = new AbortController();
    const waiting = fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${agent.key}` },
      body: JSON.stringify({
        query: `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { __typename } }`,
        variables: { input: { agentId: agent.id, incarnation: agent.incarnation, max: 1, waitMs: 20_000 } },
      }),
      signal: gone.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    gone.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { data } = await create({ agentId: agent.id });
    // Longer than the poll of a claim that waits.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const read = await server.ask<{ node: { state: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Task { state } } }`,
      { id: data?.["id"] },
    );
    expect(read.data?.node.state).toBe("QUEUED");
  });
});

describe("a task over HTTP", () => {
  it("goes from creation to its result, is run again, and shows all of it", async () => {
    const agent = await connected();
    const created = await create({ agentId: agent.id, idempotencyKey: "first", priority: 3 }, `repeated ${TASK}`);
    expect(created).toMatchObject({
      repeated: false,
      data: { state: "QUEUED", kind: "work", queue: "default", attempt: 0, maxFailures: 3 },
    });
    expect(await create({ idempotencyKey: "first" }, "repeated data { id }")).toEqual({
      __typename: "CreateTaskSuccess",
      repeated: true,
      data: { id: created.data?.["id"] },
    });
    const claim = { agentId: agent.id, incarnation: agent.incarnation, max: 5 };
    const claimed = await change(
      "claimTasks",
      { ...claim, waitMs: 500 },
      "data { id attempt state agent { id } }",
      agent.key,
    );
    const taskId = created.data?.["id"] as string;
    expect(claimed.data).toEqual([{ id: taskId, attempt: 1, state: "ASSIGNED", agent: { id: agent.id } }]);
    const attempt = { taskId, attempt: 1 };
    expect(await start(attempt, agent.key)).toEqual({ __typename: "StartTaskSuccess" });
    const report = { ...attempt, progress: 0.5, message: "half", chunk: { line: 1 } };
    expect((await change("reportProgress", report, "data { progress }", agent.key)).data).toEqual({ progress: 0.5 });
    const done = await change("completeTask", { ...attempt, output: ["ok"] }, TASK, agent.key);
    expect(done.data).toMatchObject({
      state: "SUCCEEDED",
      version: 4,
      output: ["ok"],
      progressMessage: "half",
      project: { path: tenant.path },
      chunks: { totalCount: 1, edges: [{ node: { number: 1, attempt: 1, chunk: { line: 1 } } }] },
    });
    expect(await start({ taskId, attempt: 1 }, agent.key)).toEqual({ __typename: "LeaseLost", currentAttempt: 1 });
    const again = await change("retryTask", { taskId, input: 2 }, TASK);
    expect(again.data).toMatchObject({
      state: "QUEUED",
      input: 2,
      replayOf: { id: taskId, input: { n: 1 } },
      idempotencyKey: null,
    });
    const cancelled = await change(
      "cancelTask",
      { taskId: again.data?.["id"], reason: "no" },
      "data { state cancelReason }",
    );
    expect(cancelled.data).toEqual({ state: "CANCELLED", cancelReason: "no" });
    expect(await change("cancelTask", { taskId, reason: "no" })).toMatchObject({
      __typename: "IllegalTransition",
      state: "SUCCEEDED",
      allowed: [],
    });
  });

  it("answers typed errors", async () => {
    const [agent, other] = [await connected(), await connected()];
    const created = await create({ agentId: agent.id });
    const taskId = created.data?.["id"] as string;
    const claim = { agentId: agent.id, incarnation: agent.incarnation, max: 1 };
    expect(await change("claimTasks", { ...claim, incarnation: 9 }, "data { id }", agent.key)).toMatchObject({
      __typename: "Conflict",
      actual: "1",
    });
    expect(await change("claimTasks", claim, "data { id }", other.key)).toMatchObject({ __typename: "Forbidden" });
    await change("claimTasks", claim, "data { id }", agent.key);
    await start({ taskId, attempt: 1 }, agent.key);
    const failure = { taskId, attempt: 1, kind: "lint", message: "bad", retryable: false };
    expect(await change("failTask", failure, "data { id }", other.key)).toMatchObject({ __typename: "Forbidden" });
    expect((await change("failTask", failure, TASK, agent.key)).data).toMatchObject({
      state: "FAILED",
      error: { kind: "lint", retryable: false },
    });
    expect(await change("completeTask", { taskId, attempt: 2 }, "data { id }", agent.key)).toMatchObject({
      __typename: "LeaseLost",
    });
    for (const id of ["task_nonsense", taskId.replace(/.{4}$/, "0000"), tenant.projectId]) {
      expect(await change("cancelTask", { taskId: id, reason: "no" })).toMatchObject({ __typename: "NotFound" });
    }
    expect(
      await change("createTasks", {
        tasks: [
          { projectId: tenant.projectId, kind: "work", input: 1 },
          { projectId: tenant.projectId, kind: "", input: 1 },
        ],
      }),
    ).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["tasks", "1", "kind"] }],
    });
  });

  it("is listed, counted and found", async () => {
    const own = await createTenant(server);
    const tasks = ["a", "b", "a"].map((kind, n) => ({
      projectId: own.projectId,
      kind,
      input: n,
      idempotencyKey: kind,
    }));
    const created = await change("createTasks", { tasks }, "repeated data { id input }");
    expect(created).toMatchObject({ repeated: [false, false, true], data: [{ input: 0 }, { input: 1 }, { input: 0 }] });
    const answer = await server.ask<{ project: Record<string, { totalCount: number; edges: { node: object }[] }> }>(
      `query ($path: String!) { project(path: $path) {
         tasks(first: 1, orderBy: { field: CREATED_AT, direction: ASC }) { totalCount totalIsCapped pageInfo { hasNextPage } edges { node { kind } } }
         none: tasks(filter: { ids: ["task_nonsense"] }) { totalCount edges { node { kind } } }
         some: tasks(filter: { states: [QUEUED, FAILED], search: "b" }) { totalCount edges { node { kind } } }
         taskCounts { state count } } }`,
      { path: own.path },
    );
    expect(answer.data?.project).toMatchObject({
      tasks: { totalCount: 2, totalIsCapped: false, pageInfo: { hasNextPage: true }, edges: [{ node: {} }] },
      none: { totalCount: 0, edges: [] },
      some: { totalCount: 1, edges: [{ node: { kind: "b" } }] },
    });
    expect(answer.data?.project["taskCounts"]).toContainEqual({ state: "QUEUED", count: 2 });
    const [id] = (created.data as unknown as { id: string }[]).map((task) => task.id);
    const found = await server.ask<{ node: object }>(`query ($id: ID!) { node(id: $id) { __typename id } }`, { id });
    expect(found.data?.node).toEqual({ __typename: "Task", id });
  });
});

describe("a page of tasks", () => {
  it("is read with agents, projects and first tasks in a number of statements that does not depend on the page", async () => {
    const own = await createTenant(server);
    const agents = await Promise.all([1, 2, 3, 4].map((n) => createAgent(server, own, `reader ${n}`)));
    for (const { id: agentId } of agents) {
      const { data } = await create({ projectId: own.projectId, agentId });
      await change("cancelTask", { taskId: data?.["id"], reason: "no" });
      await change("retryTask", { taskId: data?.["id"] });
    }
    const query = `query ($path: String!, $first: Int!) { project(path: $path) { tasks(first: $first) { totalCount edges { node {
      state agent { name } targetAgent { name definition { slug } } replayOf { id agent { name } } project { path } } } } } }`;
    const page = { databaseUrl: server.databaseUrl, query, list: "tasks", path: own.path };
    const [eight, four] = await countStatements(page, [8, 4]);
    expect(eight).toBe(four);
  });
});

describe("an inbox over WebSocket", () => {
  interface Message {
    readonly __typename: string;
    readonly id: string;
    readonly task?: { readonly id: string; readonly input: unknown };
  }
  const INBOX = document<{ inbox: Message }, object>(`subscription ($agent: ID!, $incarnation: Int!) {
    inbox(agent: $agent, incarnation: $incarnation) { __typename id
      ... on TaskAssigned { attempt leaseUntil task { id input } }
      ... on TaskCancelRequested { attempt reason graceMs task { id } }
      ... on StateRequested { action reason mode }
      ... on Superseded { incarnation } } }`);

  it("brings work, cancellations and requests within moments, and ends when superseded", async () => {
    const agent = await connected(2);
    const client: Client = createClient({ url: server.url, credentials: () => agent.key });
    const messages: Message[] = [];
    let heard = () => {};
    const ended = (async () => {
      for await (const data of client.subscribe(INBOX, { agent: agent.id, incarnation: agent.incarnation })) {
        messages.push(data.inbox);
        heard();
        if (data.inbox.__typename === "Superseded") return;
      }
    })();
    const next = async (count: number) => {
      while (messages.length < count) await new Promise<void>((resolve) => (heard = resolve));
      return messages[count - 1];
    };
    const first = await create({ agentId: agent.id, input: "first" });
    expect(await next(1)).toMatchObject({
      __typename: "TaskAssigned",
      attempt: 1,
      task: { id: first.data?.["id"], input: "first" },
    });
    await start({ taskId: first.data?.["id"] as string, attempt: 1 }, agent.key);
    const begun = performance.now();
    const second = await create({ agentId: agent.id });
    expect(await next(2)).toMatchObject({ __typename: "TaskAssigned", task: { id: second.data?.["id"] } });
    // Far less than the second after which polling would have found it.
    expect(performance.now() - begun).toBeLessThan(700);
    await change("cancelTask", { taskId: first.data?.["id"], reason: "enough" });
    expect(await next(3)).toMatchObject({ __typename: "TaskCancelRequested", attempt: 1, reason: "enough" });
    await change("transitionAgent", { agentId: agent.id, action: "SUSPEND", reason: "later" });
    expect(await next(4)).toMatchObject({
      __typename: "StateRequested",
      action: "SUSPEND",
      mode: "DRAIN",
      reason: "later",
    });
    await change("connectAgent", { agentId: agent.id }, "data { incarnation }", agent.key);
    await ended;
    expect(messages.at(-1)).toMatchObject({ __typename: "Superseded", incarnation: 2 });
    await client.close();
  });
});
