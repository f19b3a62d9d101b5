import { afterAll, beforeAll, expect, it } from "vitest";
import { change as send } from "./change.ts";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string) => send(server, name, input, fields);

it("keeps what a screen shows under a name", async () => {
  const view = { projectId: tenant.projectId, screen: "FLEET", name: "Down", query: "state=ERROR" };
  const { data } = await change("createSavedView", view, "data { id screen name query version creator { kind } }");
  expect(data).toMatchObject({ screen: "FLEET", name: "Down", query: "state=ERROR", version: 1 });
  expect(data?.["id"]).toMatch(/^view_/);
  expect(await change("createSavedView", view)).toMatchObject({ __typename: "Conflict" });
  const viewId = data?.["id"];
  expect(await change("updateSavedView", { viewId, name: "Broken" }, "data { name version }")).toMatchObject({
    data: { name: "Broken", version: 2 },
  });
  const read = await server.ask(
    `query ($path: String!, $id: ID!) {
       project(path: $path) { savedViews(screen: FLEET) { name } none: savedViews(screen: TASKS) { name }
         events(last: 3, filter: { types: ["saved_view.created", "saved_view.updated"] }) { edges { node { type subjectId } } } }
       node(id: $id) { ... on SavedView { project { path } } } }`,
    { path: tenant.path, id: viewId },
  );
  expect(read.data).toEqual({
    project: {
      savedViews: [{ name: "Broken" }],
      none: [],
      events: {
        edges: ["saved_view.created", "saved_view.updated"].map((type) => ({ node: { type, subjectId: viewId } })),
      },
    },
    node: { project: { path: tenant.path } },
  });
  expect(await change("deleteSavedView", { viewId }, "data { name }")).toMatchObject({ data: { name: "Broken" } });
  expect(await change("deleteSavedView", { viewId })).toMatchObject({ __typename: "NotFound" });
});

it("counts what has ended, and refuses a range that is too long", async () => {
  const { data } = await change("createTask", { projectId: tenant.projectId, kind: "work", input: {} });
  await change("cancelTask", { taskId: data?.["id"], reason: "no need" });
  const query = `query ($path: String!, $since: DateTime!) {
    project(path: $path) { taskStatistics(since: $since, buckets: 12) { bucketMs buckets { cancelled run { p50Ms } } run { p50Ms } wait { p95Ms } } } }`;
  const ask = (since: number) =>
    server.ask<{ project: { taskStatistics: object } }>(query, { path: tenant.path, since: new Date(since) });
  const found = (await ask(Date.now() - 3_600_000)).data?.project.taskStatistics as {
    bucketMs: number;
    buckets: { cancelled: number }[];
  };
  expect(found).toMatchObject({ bucketMs: 300_000, run: { p50Ms: null }, wait: { p95Ms: null } });
  expect(found.buckets.reduce((sum, { cancelled }) => sum + cancelled, 0)).toBe(1);
  const refused = await ask(Date.now() - 40 * 86_400_000);
  expect(refused.errors?.[0]?.message).toContain("31 days");
});
