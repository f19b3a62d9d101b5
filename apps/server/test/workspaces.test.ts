import { afterAll, beforeAll, expect, it } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly eventRetentionDays: number | null;
  readonly eventsRetainedSince: string | null;
}

const FIELDS = "id name version eventRetentionDays eventsRetainedSince";

async function read(): Promise<Workspace> {
  const { data } = await server.ask<{ workspace: Workspace }>(
    `query ($slug: String!) { workspace(slug: $slug) { ${FIELDS} } }`,
    { slug: tenant.path.split("/")[0] },
  );
  if (!data) throw new Error("no answer");
  return data.workspace;
}

async function update(input: object, key?: string) {
  const { data, errors } = await server.ask<{
    updateWorkspace: { __typename: string; data?: Workspace; permission?: string };
  }>(
    `mutation ($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { __typename
       ... on UpdateWorkspaceSuccess { data { ${FIELDS} } } ... on Conflict { expected actual }
       ... on InvalidInput { issues { path } } ... on Forbidden { permission } } }`,
    { input },
    key,
  );
  expect(errors).toBeUndefined();
  return data?.updateWorkspace;
}

it("a workspace's retention is read and changed, taken back with null, and compared with the version expected", async () => {
  const { id: workspaceId, ...before } = await read();
  expect(before).toMatchObject({ version: 1, eventRetentionDays: null, eventsRetainedSince: null });
  expect(await update({ workspaceId, eventRetentionDays: 30 })).toMatchObject({
    __typename: "UpdateWorkspaceSuccess",
    data: { version: 2, eventRetentionDays: 30, name: before.name },
  });
  expect(await update({ workspaceId, name: "Renamed", expectedVersion: 1 })).toEqual({
    __typename: "Conflict",
    expected: "1",
    actual: "2",
  });
  expect(await update({ workspaceId, name: "Renamed", expectedVersion: 2 })).toMatchObject({
    data: { version: 3, eventRetentionDays: 30, name: "Renamed" },
  });
  expect(await update({ workspaceId, eventRetentionDays: null })).toMatchObject({ data: { eventRetentionDays: null } });
  expect(await update({ workspaceId, eventRetentionDays: 0 })).toEqual({
    __typename: "InvalidInput",
    issues: [{ path: ["eventRetentionDays"] }],
  });
  expect(await update({ workspaceId: "wks_nonsense", name: "x" })).toEqual({ __typename: "NotFound" });
  const agent = await createAgent(server, tenant, "curious");
  expect(await update({ workspaceId, name: "x" }, agent.key)).toEqual({
    __typename: "Forbidden",
    permission: "workspace.update",
  });
  expect(await read()).toMatchObject({ name: "Renamed", version: 4 });
});

it("a workspace's quotas are read and changed, and a refusal names the one that is used up", async () => {
  const { workspaceId, projectId, path } = await createTenant(server);
  const quotas = {
    maxAgents: 1,
    maxRunningAgents: 2,
    maxTasksPerMinute: 3,
    maxContexts: 4,
    maxStorageBytes: 5_000_000_000,
  };
  expect(await update({ workspaceId, ...quotas })).toMatchObject({ __typename: "UpdateWorkspaceSuccess" });
  const { data } = await server.ask(
    `query ($slug: String!) { workspace(slug: $slug) { ${Object.keys(quotas).join(" ")} usage {
       activeAgents { count isCapped } runningAgents { count } contexts { count } tasksThisMinute storageBytes } } }`,
    { slug: path.split("/")[0] },
  );
  expect(data).toEqual({
    workspace: {
      ...quotas,
      usage: {
        activeAgents: { count: 0, isCapped: false },
        runningAgents: { count: 0 },
        contexts: { count: 0 },
        tasksThisMinute: 0,
        storageBytes: 0,
      },
    },
  });
  const register = async (name: string) => {
    const answer = await server.ask<{ registerAgent: object }>(
      `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) { __typename ... on LimitExceeded { limit } } }`,
      { input: { projectId, definitionSlug: "worker", name } },
    );
    return answer.data?.registerAgent;
  };
  expect(await register("first")).toEqual({ __typename: "RegisterAgentSuccess" });
  expect(await register("second")).toEqual({ __typename: "LimitExceeded", limit: "workspace.maxAgents" });
});
