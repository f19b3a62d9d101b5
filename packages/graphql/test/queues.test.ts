import { readFileSync } from "node:fs";
import { formatId } from "@muster/domain/ids.ts";
import { graphql, parse, validate } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
let project: string;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
  project = formatId("project", fleet.projectId);
}, 60_000);
afterAll(() => fleet.close());

async function ask(source: string): Promise<Record<string, unknown>> {
  const contextValue = requestContextOf(fleet);
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

it("queues are paused, resumed and limited, and answer as nodes", async () => {
  const at = `projectId: "${project}", queue: "mails"`;
  const answer = `__typename ... on Error { code } `;
  const data = "{ id paused pauseReason maxRunning version depth { ready { count } } }";
  const { pauseQueue } = (await ask(`mutation {
    pauseQueue(input: { ${at}, reason: "down" }) { ${answer} ... on PauseQueueSuccess { data ${data} } } }`)) as {
    pauseQueue: { data: { id: string } };
  };
  expect(pauseQueue.data).toMatchObject({
    paused: true,
    pauseReason: "down",
    version: 2,
    depth: { ready: { count: 0 } },
  });
  const rest = await ask(`mutation {
    stale: updateQueue(input: { ${at}, maxRunning: 3, expectedVersion: 1 }) { ${answer} }
    limited: updateQueue(input: { ${at}, maxRunning: 3 }) { ... on UpdateQueueSuccess { data ${data} } }
    kept: updateQueue(input: { ${at} }) { ... on UpdateQueueSuccess { data ${data} } }
    resumed: resumeQueue(input: { ${at} }) { ... on ResumeQueueSuccess { data ${data} } }
    lifted: updateQueue(input: { ${at}, maxRunning: null }) { ... on UpdateQueueSuccess { data ${data} } }
    nowhere: pauseQueue(input: { projectId: "prj_none", queue: "mails", reason: "r" }) { ${answer} }
  }`);
  expect(rest).toMatchObject({
    stale: { __typename: "Conflict" },
    limited: { data: { maxRunning: 3, version: 3 } },
    kept: { data: { maxRunning: 3, version: 3 } },
    resumed: { data: { paused: false, pauseReason: null, version: 4 } },
    lifted: { data: { maxRunning: null, version: 5 } },
    nowhere: { __typename: "NotFound" },
  });
  expect(
    await ask(`{ node(id: "${pauseQueue.data.id}") { __typename ... on Queue { name project { id } } } }`),
  ).toEqual({
    node: { __typename: "Queue", name: "mails", project: { id: project } },
  });
});

it("rate limits are set and deleted, and answer as nodes", async () => {
  const at = `projectId: "${project}", key: "mails"`;
  const set = (more: string) => `setRateLimit(input: { ${at}, periodMs: 1000, ${more} }) {
    __typename ... on SetRateLimitSuccess { data { id key max periodMs available version } } }`;
  const { made, changed, refused } = (await ask(`mutation {
    made: ${set("max: 5")} changed: ${set("max: 3, expectedVersion: 1")} refused: ${set("max: 0")} }`)) as {
    [name: string]: { __typename: string; data: { id: string } };
  };
  expect(made?.data).toMatchObject({ key: "mails", max: 5, periodMs: 1_000, available: 5, version: 1 });
  expect(changed?.data).toMatchObject({ id: made?.data.id, max: 3, available: 3, version: 2 });
  expect(refused?.__typename).toBe("InvalidInput");
  const node = `{ node(id: "${made?.data.id}") { ... on RateLimit { max } } }`;
  expect(await ask(node)).toEqual({ node: { max: 3 } });
  expect(
    await ask(`mutation { deleteRateLimit(input: { ${at} }) { ... on DeleteRateLimitSuccess { data { key max } } } }`),
  ).toEqual({ deleteRateLimit: { data: { key: "mails", max: 3 } } });
  expect(await ask(node)).toEqual({ node: null });
});

it("a workspace's limit is set and lifted", async () => {
  const { workspace } = (await ask(`{ workspace(slug: "fleet") { id maxRunningTasks } }`)) as {
    workspace: { id: string };
  };
  const set = (limit: string) => `updateWorkspace(input: { workspaceId: "${workspace.id}" ${limit} }) {
    ... on UpdateWorkspaceSuccess { data { maxRunningTasks } } }`;
  expect(
    await ask(
      `mutation { set: ${set(", maxRunningTasks: 5")} kept: ${set("")} lifted: ${set(", maxRunningTasks: null")} }`,
    ),
  ).toEqual({
    set: { data: { maxRunningTasks: 5 } },
    kept: { data: { maxRunningTasks: 5 } },
    lifted: { data: { maxRunningTasks: null } },
  });
});

it("the documents of docs/limits.md are valid", () => {
  const page = readFileSync(new URL("../../../docs/limits.md", import.meta.url), "utf8");
  const documents = [...page.matchAll(/```graphql\n(.*?)```/gs)].map((match) => match[1] ?? "");
  expect(documents.length).toBeGreaterThan(4);
  expect(documents.flatMap((document) => validate(schema, parse(document)))).toEqual([]);
});
