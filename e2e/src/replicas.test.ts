import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type MusterProcess, nothingLeft, recordedProcesses, startMuster } from "./muster-process.ts";
import { type Api, ensureProject, openApi } from "./site/api.ts";

const UPDATES = document<Updates, { project: string; after: string | null }>(
  `subscription ($project: ID!, $after: String) { taskUpdates(project: $project, after: $after) { __typename
    ... on EventDelivery { cursor event { subjectId } } ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`,
);
const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on CreateTaskSuccess { data { id } } } }`;
const REPLICAS = ["1", "2", "3"];
/** The kernel decides by a hash of the addresses: with so many, no replica is left out but once in ten thousand times. */
const ENOUGH = 24;

describe("npm start -- --replicas 3", () => {
  let dataDir: string;
  let muster: MusterProcess;
  let api: Api;
  let projectId: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "muster-e2e-"));
    muster = await startMuster(dataDir, await freePort(), ["--replicas", "3", "--no-console", "--no-demo"]);
    api = await openApi(muster.url, dataDir);
    projectId = (await ensureProject(api, "replicas/app")).id;
  }, 300_000);
  afterAll(async () => {
    api.close();
    await muster.interrupt();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  /** A request on a connection of its own, so that any replica may get it. */
  const ask = (path: string, more: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) =>
    fetch(`${muster.url}${path}`, {
      method: more.method ?? "GET",
      headers: { connection: "close", "content-type": "application/json", ...more.headers },
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
    });
  const authorization = () => `Bearer ${api.key}`;
  const replicaOf = (answer: Response) => answer.headers.get("x-muster-replica") ?? "none";
  const createTask = async () => {
    const input = { projectId, kind: "nobody-does-it", input: {} };
    const body = { query: CREATE, variables: { input } };
    const answer = await ask("/graphql", { method: "POST", body, headers: { authorization: authorization() } });
    const { data } = (await answer.json()) as { data: { createTask: { data: { id: string } } } };
    return { id: data.createTask.data.id, replica: replicaOf(answer) };
  };

  /** A stream of the project's updates, and which replica it comes from. */
  async function openStream(): Promise<{ replica: string; seen: Set<string> }> {
    const closed = new AbortController();
    onTestFinished(() => closed.abort());
    const answer = await fetch(`${muster.url}/graphql`, {
      method: "POST",
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        authorization: authorization(),
      },
      body: JSON.stringify({ query: String(UPDATES), variables: { project: projectId } }),
      signal: closed.signal,
    });
    const seen = new Set<string>();
    let rest = "";
    const read = async () => {
      for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const id = /"subjectId":"([^"]+)"/.exec(line)?.[1];
          if (id !== undefined) seen.add(id);
        }
      }
    };
    read().catch(() => {});
    return { replica: replicaOf(answer), seen };
  }

  it("spreads connections over the replicas, with one key and one session for all", async () => {
    const health = await Promise.all(Array.from({ length: 2 * ENOUGH }, () => ask("/health/ready")));
    expect([...new Set(health.map(replicaOf))].toSorted()).toEqual(REPLICAS);
    expect(health.every(({ status }) => status === 200)).toBe(true);

    const signIn = await ask("/auth/sign-in", {
      method: "POST",
      body: { key: api.key },
      headers: { origin: muster.url },
    });
    const cookie = (signIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const body = { query: `{ project(path: "replicas/app") { id } }` };
    const asked = await Promise.all(
      Array.from({ length: ENOUGH }, () =>
        ask("/graphql", { method: "POST", body, headers: { origin: muster.url, cookie } }),
      ),
    );
    expect(new Set(asked.map(replicaOf)).size).toBe(3);
    for (const answer of asked) expect(await answer.json()).toEqual({ data: { project: { id: projectId } } });
  });

  it("delivers what happens on one replica to the subscribers of each within a second", async () => {
    const streams = new Map<string, Set<string>>();
    for (let count = 0; count < 2 * ENOUGH && streams.size < 3; count += 1) {
      const { replica, seen } = await openStream();
      streams.set(replica, seen);
    }
    expect([...streams.keys()].toSorted()).toEqual(REPLICAS);
    const caused = new Set<string>();
    for (let count = 0; count < 2 * ENOUGH && caused.size < 3; count += 1) {
      const { id, replica } = await createTask();
      caused.add(replica);
      await expect
        .poll(() => [...streams].filter(([, seen]) => seen.has(id)).length, { timeout: 1_000, interval: 10 })
        .toBe(3);
    }
    expect([...caused].toSorted()).toEqual(REPLICAS);
  });

  it("loses nothing when a replica is killed: its clients go on with another, and it comes back", async () => {
    const tasks = async () => {
      const { node } = await api.query<Tasks>(
        `query ($project: ID!) { node(id: $project) { ... on Project { tasks(first: 200) { edges { node { id } } } } } }`,
        { project: projectId },
      );
      return node.tasks.edges.map((edge) => edge.node.id);
    };
    const before = new Set(await tasks());
    const { project } = await api.query<{ project: { cursor: string } }>(
      `{ project(path: "replicas/app") { cursor } }`,
    );
    const stop = new AbortController();
    const followers = Array.from({ length: ENOUGH }, () => {
      const client = createClient({ url: muster.url, credentials: () => api.key });
      onTestFinished(() => client.close());
      const follower = { seen: [] as string[], isLive: false, losses: 0 };
      const following = client.follow<Updates, { project: string; after: string | null }>({
        document: UPDATES,
        variables: { project: projectId },
        after: project.cursor,
        onEvent: (event) => void follower.seen.push((event as { subjectId: string }).subjectId),
        onBookmark: () => {
          follower.isLive = true;
        },
        onResync: () => {
          throw new Error("Nothing should be lost here.");
        },
        onStatus: (status) => {
          if (status === "reconnecting") follower.losses += 1;
        },
        signal: stop.signal,
      });
      return { follower, following };
    });
    await expect.poll(() => followers.every(({ follower }) => follower.isLive), { timeout: 10_000 }).toBe(true);

    const killed = Number.parseInt(await readFile(join(dataDir, "server-2.pid"), "utf8"), 10);
    for (let count = 0; count < 60; count += 1) {
      if (count === 20) process.kill(killed, "SIGKILL");
      // What the dying replica took with it may have been committed or not: what there is in the end is what counts.
      await createTask().catch(() => {});
      await sleep(20);
    }
    const created = (await tasks()).filter((id) => !before.has(id)).toSorted();
    expect(created.length).toBeGreaterThanOrEqual(59);
    const behind = () => followers.filter(({ follower }) => follower.seen.length < created.length).length;
    await expect.poll(behind, { timeout: 20_000 }).toBe(0);
    // Long enough for what is delivered twice to arrive.
    await sleep(500);
    stop.abort();
    await Promise.all(followers.map(({ following }) => following));
    for (const { follower } of followers) expect(follower.seen.toSorted()).toEqual(created);
    const lost = followers.filter(({ follower }) => follower.losses > 0).length;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(ENOUGH);

    await expect.poll(() => muster.printed(), { timeout: 20_000 }).toContain("Replica 2 runs again.");
    const health = await Promise.all(Array.from({ length: 2 * ENOUGH }, () => ask("/health/ready")));
    expect(new Set(health.map(replicaOf)).size).toBe(3);
  }, 90_000);

  it("writes one log, in whole lines that say whose they are, and leaves nothing behind when it ends", async () => {
    const lines = (await readFile(join(dataDir, "logs", "server.log"), "utf8")).split("\n").filter(Boolean);
    const writers = lines.map((line) => (JSON.parse(line) as { replica: string }).replica);
    expect([...new Set(writers)].toSorted()).toEqual(REPLICAS);

    const processes = await recordedProcesses(dataDir);
    expect(processes).toHaveLength(3);
    await muster.kill();
    await nothingLeft(dataDir, 40_000, processes);
  }, 60_000);
});

interface Updates {
  readonly taskUpdates: {
    readonly __typename: "EventDelivery";
    readonly cursor: string;
    readonly event: { readonly subjectId: string };
  };
}
interface Tasks {
  readonly node: { readonly tasks: { readonly edges: readonly { readonly node: { readonly id: string } }[] } };
}
