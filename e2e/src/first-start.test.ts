import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { type Client, createClient } from "@muster/client/client.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MusterProcess, nothingLeft, recordedProcesses, startMuster } from "./muster-process.ts";

/** The parts of the API that a first user meets, in the order in which they meet them. */
describe("from npm start to a fleet at work", () => {
  let dataDir: string;
  let port: number;
  let muster: MusterProcess;
  let client: Client;
  let projectId: string;

  const connect = async () => {
    const key = (await readFile(join(dataDir, "bootstrap-key"), "utf8")).trim();
    client = createClient({ url: muster.url, credentials: () => key });
  };
  const query = <Data>(document: string, variables: object = {}) => client.execute<Data, object>(document, variables);

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "muster-e2e-"));
    port = await freePort();
    muster = await startMuster(dataDir, port);
    await connect();
  }, 300_000);

  afterAll(async () => {
    client.close();
    await muster.interrupt();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  it("prints where to look and how to sign in", () => {
    expect(muster.printed()).toContain(`${muster.url}/sign-in#link=`);
    expect(muster.printed()).toMatch(/Ctrl-C/);
  });

  it("has three agents at work in demo/app", async () => {
    const fleet = `{ project(path: "demo/app") { id agents { edges { node { name state } } } } }`;
    await expect
      .poll(
        async () => {
          const { project } = await query<Fleet>(fleet);
          projectId = project.id;
          return project.agents.edges.map(({ node }) => `${node.name} ${/ONLINE|BUSY|IDLE/.test(node.state)}`);
        },
        { timeout: 30_000 },
      )
      .toEqual(["builder true", "reviewer true", "tester true"]);
  });

  it("runs a task that is created by hand, watched in a subscription", async () => {
    const watched: string[] = [];
    const ended = new AbortController();
    const { project } = await query<{ project: { cursor: string } }>(`{ project(path: "demo/app") { cursor } }`);
    const { createTask } = await query<{ createTask: { data: { id: string } } }>(
      `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on CreateTaskSuccess { data { id } } } }`,
      { input: { projectId, kind: "test", input: { commit: "HEAD" } } },
    );
    const watching = client.follow<Watched, object>({
      document: `subscription ($project: ID!, $tasks: [ID!], $after: String) {
        taskUpdates(project: $project, tasks: $tasks, after: $after) {
          __typename
          ... on EventDelivery { cursor event { __typename ... on TaskTransitioned { to } } }
          ... on Bookmark { cursor caughtUp }
          ... on ResyncRequired { cursor reason }
        }
      }`,
      variables: { project: projectId, tasks: [createTask.data.id] },
      after: project.cursor,
      onEvent: (event) => {
        watched.push((event as { to: string }).to);
        if (watched.at(-1) === "SUCCEEDED") ended.abort();
      },
      onResync: () => {
        throw new Error("Nothing should be lost here.");
      },
      signal: AbortSignal.any([ended.signal, AbortSignal.timeout(60_000)]),
    });
    await watching;
    expect(watched).toEqual(["QUEUED", "ASSIGNED", "RUNNING", "SUCCEEDED"]);

    const { node } = await query<{
      node: { output: { ok: boolean; passed: number; failed: number }; agent: { name: string } };
    }>(`query ($id: ID!) { node(id: $id) { ... on Task { output agent { name } } } }`, { id: createTask.data.id });
    expect(node.agent.name).toBe("tester");
    expect(node.output).toMatchObject({ ok: true, failed: 0 });
    expect(node.output.passed).toBeGreaterThan(10);
  }, 90_000);

  it("has finished tasks of all three agents by itself", async () => {
    const tasks = `{ project(path: "demo/app") { tasks(first: 50, filter: { states: [SUCCEEDED] }) { edges { node { kind } } } } }`;
    await expect
      .poll(async () => new Set((await query<Tasks>(tasks)).project.tasks.edges.map(({ node }) => node.kind)).size, {
        timeout: 60_000,
      })
      .toBe(3);
  }, 90_000);

  it("keeps what the agents learned, compares versions, and rolls back with their confirmation", async () => {
    const shared = `{ project(path: "demo/app") { contexts(filter: { search: "repository-knowledge" }) { edges { node {
      id name currentVersion rollbackState diff(from: 1, to: 2) { op path } versions(first: 3) { edges { node { number message author { name } } } }
    } } } } }`;
    const read = async () => (await query<Contexts>(shared)).project.contexts.edges[0]?.node;
    await expect.poll(async () => (await read())?.currentVersion ?? 0, { timeout: 60_000 }).toBeGreaterThan(2);
    const context = await read();
    expect(context?.name).toBe("repository-knowledge");
    expect(context?.diff.length).toBeGreaterThan(0);
    expect(context?.versions.edges[0]?.node.message).toMatch(/^(built|tested|reviewed) /);

    const { rollBackContext } = await query<{ rollBackContext: { data: { rollbackPointer: number } } }>(
      `mutation ($input: RollBackContextInput!) { rollBackContext(input: $input) { ... on RollBackContextSuccess { data { rollbackPointer } } ... on Error { message } } }`,
      { input: { contextId: context?.id, toVersion: 1, reason: "learned the wrong thing" } },
    );
    expect(rollBackContext.data.rollbackPointer).toBe(1);
    await expect.poll(async () => (await read())?.rollbackState, { timeout: 30_000 }).toBe("SUCCEEDED");
  }, 120_000);

  it("stops everything on Ctrl-C, and a second start has the same data", async () => {
    const count = async () =>
      (await query<Tasks>(`{ project(path: "demo/app") { tasks(filter: { states: [SUCCEEDED] }) { totalCount } } }`))
        .project.tasks.totalCount;
    const before = await count();
    const processes = await recordedProcesses(dataDir);
    expect(processes).toHaveLength(2);
    client.close();
    await muster.interrupt();
    await nothingLeft(dataDir, 10_000, processes);
    expect(muster.printed()).toContain("Stopping");

    muster = await startMuster(dataDir, port);
    await connect();
    expect(await count()).toBeGreaterThanOrEqual(before);
    const { project } = await query<Fleet>(
      `{ project(path: "demo/app") { id agents { edges { node { name state } } } } }`,
    );
    expect(project.id).toBe(projectId);
    expect(project.agents.edges).toHaveLength(3);
  }, 120_000);

  it("leaves nothing running when the launcher is killed, and starts again", async () => {
    client.close();
    const processes = await recordedProcesses(dataDir);
    await muster.kill();
    await nothingLeft(dataDir, 40_000, processes);
    muster = await startMuster(dataDir, port);
    await connect();
    const { project } = await query<Fleet>(
      `{ project(path: "demo/app") { id agents { edges { node { name state } } } } }`,
    );
    expect(project.id).toBe(projectId);
  }, 150_000);

  it("says in one sentence that the port is taken, and exits with 1", async () => {
    const other = await mkdtemp(join(tmpdir(), "muster-e2e-"));
    const failure = await startMuster(other, port).catch((error: Error) => error.message);
    expect(failure).toMatch(/ended with code 1: .*[Pp]ort \d+ .*--port/s);
    await sleep(100);
    await nothingLeft(other, 5_000);
    await rm(other, { recursive: true, force: true });
  }, 60_000);
});

interface Fleet {
  project: { id: string; agents: { edges: { node: { name: string; state: string } }[] } };
}
interface Tasks {
  project: { tasks: { totalCount: number; edges: { node: { kind: string } }[] } };
}
interface Watched {
  taskUpdates: { __typename: "EventDelivery"; cursor: string; event: { __typename: string; to: string } };
}
interface Contexts {
  project: {
    contexts: {
      edges: {
        node: {
          id: string;
          name: string;
          currentVersion: number;
          rollbackState: string | null;
          diff: { op: string; path: string }[];
          versions: { edges: { node: { number: number; message: string; author: { name: string } } }[] };
        };
      }[];
    };
  };
}
