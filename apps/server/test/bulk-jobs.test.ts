import { readFile } from "node:fs/promises";
import { type Client, createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import type { Frame } from "@muster/client/frames.ts";
import { schema } from "@muster/graphql/schema.ts";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { change as send } from "./change.ts";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
/** Where the project's feed stood before anything was done. */
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
  const read = await server.ask<{ project: { cursor: string } }>(
    `query ($path: String!) { project(path: $path) { cursor } }`,
    { path: tenant.path },
  );
  start = read.data?.project.cursor ?? "";
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string) => send(server, name, input, fields);

async function addTasks(count: number, kind: string): Promise<string[]> {
  const tasks = Array.from({ length: count }, () => ({ projectId: tenant.projectId, kind, input: {} }));
  const { data } = await change("createTasks", { tasks });
  return (data as unknown as { id: string }[]).map(({ id }) => id);
}

interface EventData {
  readonly events: Frame<{ readonly type: string; readonly payload: Record<string, unknown> }>;
}

/** Follows the events of a job from its creation until it has settled; gives the last one's payload. */
async function settled(jobId: string): Promise<unknown> {
  const client: Client = createClient({ url: server.url, credentials: () => server.adminKey });
  onTestFinished(() => client.close());
  const stop = new AbortController();
  let last: Record<string, unknown> | undefined;
  await client.follow({
    document: document<EventData, { project: string; job: string; after?: string | null }>(
      `subscription ($project: ID!, $job: ID!, $after: String) { events(project: $project, filter: { subjects: [$job] }, after: $after) {
         __typename ... on EventDelivery { cursor event { type payload } } ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`,
    ),
    variables: { project: tenant.projectId, job: jobId },
    after: start,
    signal: stop.signal,
    onResync: () => {},
    onEvent: (event) => {
      if (event.type === "bulk_job.transitioned") stop.abort();
      last = event.payload;
    },
  });
  return last;
}

it("finds out, does it, shows how far it is, and runs it again", { timeout: 30_000 }, async () => {
  const ids = await addTasks(30, "unwanted");
  expect(ids).toHaveLength(30);
  const input = { projectId: tenant.projectId, filter: { kinds: ["unwanted"] }, reason: "a mistake" };
  const dry = await change(
    "cancelTasks",
    { ...input, dryRun: true },
    "data { id } preview { count countIsCapped sample { id state } }",
  );
  expect(dry).toMatchObject({ data: null, preview: { count: 30, countIsCapped: false } });
  expect((dry["preview"] as { sample: object[] }).sample).toEqual(
    ids.slice(0, 10).map((id) => ({ id, state: "QUEUED" })),
  );

  const refused = await change("cancelTasks", { ...input, expectedCount: 29 });
  expect(refused).toMatchObject({ __typename: "Conflict", expected: "29", actual: "30" });
  expect(await change("cancelTasks", { ...input, filter: {} })).toMatchObject({
    __typename: "InvalidInput",
    issues: [{ path: ["filter"] }],
  });

  const { data } = await change(
    "cancelTasks",
    { ...input, filter: { ids, kinds: ["unwanted"] }, expectedCount: 30 },
    "data { id kind state total pending filter reason creator { kind name } project { path } } preview { count }",
  );
  expect(data).toMatchObject({
    kind: "CANCEL",
    state: "RUNNING",
    total: 30,
    pending: 30,
    filter: { ids, kinds: ["unwanted"] },
    reason: "a mistake",
    creator: { kind: "API_KEY" },
    project: { path: tenant.path },
  });
  const cancelled = await settled(data?.["id"] as string);
  expect(cancelled).toMatchObject({ to: "SUCCEEDED", succeeded: 30, pending: 0, started: 0 });
  const refusedAbort = await change("abortBulkJob", { jobId: data?.["id"], reason: "too late" });
  expect(refusedAbort).toMatchObject({ __typename: "IllegalTransition", state: "SUCCEEDED", allowed: [] });

  const again = await change("retryTasks", input, "data { id kind total }");
  expect(again.data).toMatchObject({ kind: "RETRY", total: 30 });
  expect(await settled(again.data?.["id"] as string)).toMatchObject({ to: "SUCCEEDED", succeeded: 30 });
  const read = await server.ask<{ project: unknown }>(
    `query ($path: String!) { project(path: $path) { bulkJobs(filter: { states: [SUCCEEDED] }) { totalCount edges { node {
       kind targets(first: 1, filter: { outcomes: [SUCCEEDED] }) { totalCount edges { node { number outcome message task { id } newTask { replayOf { id } } } } }
     } } } } }`,
    { path: tenant.path },
  );
  const target = { number: 1, outcome: "SUCCEEDED", message: null, task: { id: ids[0] } };
  expect(read.data?.project).toEqual({
    bulkJobs: {
      totalCount: 2,
      edges: [
        {
          node: {
            kind: "RETRY",
            targets: { totalCount: 30, edges: [{ node: { ...target, newTask: { replayOf: { id: ids[0] } } } }] },
          },
        },
        { node: { kind: "CANCEL", targets: { totalCount: 30, edges: [{ node: { ...target, newTask: null } }] } } },
      ],
    },
  });
});

it("is documented with operations that the schema knows", async () => {
  const text = await readFile(new URL("../../../docs/bulk-jobs.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/```graphql\n(.*?)```/gs)].map(([, example = ""]) => example);
  expect(examples).toHaveLength(4);
  for (const example of examples) expect(validate(schema, parse(example))).toEqual([]);
});
