import { afterAll, beforeAll, expect, it } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

async function openContext(name: string): Promise<string> {
  const { data } = await change(server, "openContext", { projectId: tenant.projectId, name });
  return data?.["id"] as string;
}

it("sets, keeps and removes a context's schema and limit", async () => {
  const contextId = await openContext("settings");
  const settings = "data { schema keepVersions }";
  const update = async (input: object) =>
    (await change(server, "updateContext", { contextId, ...input }, settings)).data;
  const schema = { type: "object", required: ["owner"] };
  expect(await update({})).toEqual({ schema: null, keepVersions: null });
  expect(await update({ schema })).toEqual({ schema, keepVersions: null });
  expect(await update({ keepVersions: 10 })).toEqual({ schema, keepVersions: 10 });
  expect(await change(server, "writeContext", { contextId, data: { steps: [] } })).toMatchObject({
    __typename: "InvalidInput",
    issues: [{ path: ["data"], message: "must have required property 'owner'." }],
  });
  expect(await update({ schema: null })).toEqual({ schema: null, keepVersions: 10 });
  await change(server, "writeContext", { contextId, data: { steps: [] } });
  expect(await change(server, "updateContext", { contextId, schema })).toMatchObject({
    __typename: "InvalidInput",
    issues: [{ path: ["schema"] }, { path: ["data"] }],
  });
  const { data } = await server.ask<{ node: unknown }>(
    "query ($id: ID!) { node(id: $id) { ... on Context { schema keepVersions } } }",
    { id: contextId },
  );
  expect(data?.node).toEqual({ schema: null, keepVersions: 10 });
  const agent = await createAgent(server, tenant, "no settings");
  expect(await change(server, "updateContext", { contextId, keepVersions: 1 }, "data { id }", agent.key)).toMatchObject(
    {
      __typename: "Forbidden",
      permission: "context.update",
    },
  );
});

it("says in a conflict where the context stands, and what has changed", async () => {
  const contextId = await openContext("conflicts");
  const attempt = async (mutation: string, type: string, input: object, success = "") => {
    const { data } = await server.ask<{ result: unknown }>(
      `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { __typename ${success}
         ... on Conflict { message expected actual currentVersion paths diff { op path from value } } } }`,
      { input: { contextId, ...input } },
    );
    return data?.result;
  };
  const written = "... on WriteContextSuccess { data { number mergedFrom } }";
  const write = (input: object) => attempt("writeContext", "WriteContextInput", input, written);
  await write({ data: { a: 1, b: 1 } });
  await write({ mergePatch: { a: 2 } });
  const diff = [{ op: "replace", path: "/a", from: null, value: 2 }];
  expect(await write({ data: {}, expectedVersion: 1 })).toEqual({
    __typename: "Conflict",
    message: expect.stringContaining("Expected context version 1, but it is 2.") as string,
    expected: "1",
    actual: "2",
    currentVersion: 2,
    paths: null,
    diff,
  });
  expect(await write({ data: { a: 3, b: 1 }, baseVersion: 1, merge: true })).toMatchObject({
    message: expect.stringContaining("/a") as string,
    paths: ["/a"],
    diff,
  });
  expect(await write({ data: { a: 1, b: 2 }, baseVersion: 1, merge: true })).toEqual({
    __typename: "WriteContextSuccess",
    data: { number: 3, mergedFrom: 1 },
  });
  const back = { toVersion: 1, reason: "test", expectedVersion: 2 };
  expect(await attempt("rollBackContext", "RollBackContextInput", back)).toMatchObject({
    __typename: "Conflict",
    currentVersion: 3,
    paths: null,
    diff: [{ op: "replace", path: "/b", value: 2 }],
  });
});

it("says nothing of contexts in other conflicts", async () => {
  const { data } = await server.ask<{ result: unknown }>(
    `mutation ($input: UpdateWorkspaceInput!) { result: updateWorkspace(input: $input) {
       ... on Conflict { message expected actual currentVersion paths diff { op } } } }`,
    { input: { workspaceId: tenant.workspaceId, name: "x", expectedVersion: 99 } },
  );
  expect(data?.result).toEqual({
    message: "Expected workspace version 99, but it is 1. Read it again and decide anew.",
    expected: "99",
    actual: "1",
    currentVersion: null,
    paths: null,
    diff: null,
  });
});
