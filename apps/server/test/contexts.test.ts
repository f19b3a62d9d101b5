import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countStatements } from "./count-statements.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

type Result = { __typename: string; data?: Record<string, unknown>; [field: string]: unknown };

/** Sends one mutation and gives its result: a success with `fields` of its data, or an error with all it says. */
async function change(name: string, input: object, fields = "id", key?: string): Promise<Result> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const ofWrites =
    name === "writeContext"
      ? "... on Conflict { expected actual } ... on VersionHeld { version } ... on RollbackPending { rolledBackTo }"
      : "";
  const { data, errors } = await server.ask<Record<string, Result>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
       __typename ... on ${type}Success { data { ${fields} } }
       ... on Error { code message } ... on InvalidInput { issues { path } } ${ofWrites} } }`,
    { input },
    key,
  );
  if (!data?.[name]) throw new Error(JSON.stringify(errors));
  return data[name];
}

async function openContext(name: string, agentId?: string, key?: string): Promise<string> {
  const opened = await change("openContext", { projectId: tenant.projectId, agentId, name }, "id", key);
  return opened.data?.["id"] as string;
}

async function nodeOf(id: string, fields: string, key?: string) {
  return server.ask<{ node: Record<string, unknown> | null }>(
    `query ($id: ID!) { node(id: $id) { id ${fields} } }`,
    { id },
    key,
  );
}

describe("contexts over HTTP", () => {
  it("are opened, written, read, compared, rolled back and released", async () => {
    const contextId = await openContext("notes");
    expect(await openContext("notes")).toBe(contextId);
    expect((await nodeOf(contextId, "... on Context { data currentVersion }")).data?.node).toEqual({
      id: contextId,
      data: null,
      currentVersion: 0,
    });

    const first = await change(
      "writeContext",
      { contextId, data: { list: [1] }, message: "first" },
      "id number parent author { kind name } context { id }",
    );
    expect(first.data).toEqual({
      id: `${contextId}@1`,
      number: 1,
      parent: null,
      author: { kind: "API_KEY", name: "bootstrap" },
      context: { id: contextId },
    });
    await change("writeContext", { contextId, patch: [{ op: "add", path: "/list/-", value: null }] });

    const read = await nodeOf(
      contextId,
      `... on Context { name project { id } agent { id } data part: data(pointer: "/list/0") none: data(pointer: "/x")
         version(number: 2) { id hash dataHash sizeBytes data(pointer: "/list") } missing: version(number: 9) { id }
         versions(first: 1) { totalCount edges { node { number } } } diff(from: 1, to: 2) { op path from value } rollbackState }`,
    );
    expect(read.data?.node).toMatchObject({
      name: "notes",
      project: { id: tenant.projectId },
      agent: null,
      data: { list: [1, null] },
      part: 1,
      none: null,
      version: { id: `${contextId}@2`, sizeBytes: 17, data: [1, null] },
      missing: null,
      versions: { totalCount: 2, edges: [{ node: { number: 2 } }] },
      diff: [{ op: "add", path: "/list/1", from: null, value: null }],
      rollbackState: null,
    });
    expect((await nodeOf(`${contextId}@1`, "... on ContextVersion { data message rolledBackTo }")).data?.node).toEqual({
      id: `${contextId}@1`,
      data: { list: [1] },
      message: "first",
      rolledBackTo: null,
    });

    const back = await change(
      "rollBackContext",
      { contextId, toVersion: 1, reason: "wrong" },
      "currentVersion rollbackState rollbackPointer rollbackVersion confirmations { state }",
    );
    expect(back.data).toEqual({
      currentVersion: 3,
      rollbackState: "SUCCEEDED",
      rollbackPointer: 1,
      rollbackVersion: 3,
      confirmations: [],
    });
    expect(await change("writeContext", { contextId, data: { list: [1, null] } })).toMatchObject({
      __typename: "VersionHeld",
      version: 2,
    });
    expect(await change("writeContext", { contextId, data: {}, baseVersion: 2 })).toMatchObject({
      __typename: "RollbackPending",
      rolledBackTo: 1,
    });
    expect(await change("writeContext", { contextId, data: {}, expectedVersion: 2 })).toMatchObject({
      __typename: "Conflict",
      expected: "2",
      actual: "3",
    });
    const held = await nodeOf(
      contextId,
      "... on Context { versions(heldOnly: true) { edges { node { number heldSince } } } }",
    );
    expect(held.data?.node).toMatchObject({
      versions: { edges: [{ node: { number: 2, heldSince: expect.any(String) } }] },
    });
    const released = await change(
      "releaseContextVersion",
      { contextId, number: 2, reason: "it was right" },
      "number heldSince",
    );
    expect(released.data).toEqual({ number: 2, heldSince: null });
    expect((await change("writeContext", { contextId, data: { list: [1, null] } }, "number")).data).toEqual({
      number: 4,
    });
  });

  it("answer malformed input and unknown ids with typed errors", async () => {
    const contextId = await openContext("strict");
    expect(await change("writeContext", { contextId })).toMatchObject({ code: "INVALID_INPUT" });
    expect(await change("writeContext", { contextId, data: null })).toMatchObject({ code: "INVALID_INPUT" });
    expect(await change("writeContext", { contextId, data: { a: "\u0000" } })).toMatchObject({
      issues: [{ path: ["data", "a"] }],
    });
    expect(await change("writeContext", { contextId, patch: [{ op: "remove", path: "/a" }] })).toMatchObject({
      issues: [{ path: ["patch", "0", "path"] }],
    });
    for (const id of ["ctx_01h455vb4pex5vsknk084sn02q", "nonsense", tenant.projectId]) {
      expect(await change("writeContext", { contextId: id, data: {} })).toMatchObject({
        __typename: "NotFound",
        code: "NOT_FOUND",
      });
      expect(await change("rollBackContext", { contextId: id, toVersion: 1, reason: "x" })).toMatchObject({
        code: "NOT_FOUND",
      });
    }
    const pointer = await nodeOf(contextId, '... on Context { data(pointer: "no slash") }');
    expect(pointer.errors?.[0]?.extensions.code).toBe("INVALID_INPUT");
    const diff = await nodeOf(contextId, "... on Context { diff(from: 1, to: 2) { op } }");
    expect(diff.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("show the agents' answers to a rollback, and keep agents out of each other's memory", async () => {
    const [mine, other] = [await createAgent(server, tenant, "keeper"), await createAgent(server, tenant, "nosy")];
    const contextId = await openContext("memory", mine.id, mine.key);
    for (const value of [1, 2]) await change("writeContext", { contextId, data: { value } }, "id", mine.key);
    await change("connectAgent", { agentId: mine.id }, "incarnation", mine.key);
    const confirmations = "rollbackState confirmations { agent { id name } version state error answeredAt }";
    const asked = await change("rollBackContext", { contextId, toVersion: 1, reason: "wrong" }, confirmations);
    expect(asked.data).toEqual({
      rollbackState: "PENDING",
      confirmations: [
        { agent: { id: mine.id, name: "keeper" }, version: 3, state: "PENDING", error: null, answeredAt: null },
      ],
    });
    const answer = { contextId, agentId: mine.id, version: 3, ok: false, error: "no memory" };
    expect(await change("acknowledgeContext", answer, "id", other.key)).toMatchObject({ code: "FORBIDDEN" });
    const failed = await change("acknowledgeContext", answer, confirmations, mine.key);
    expect(failed.data).toMatchObject({
      rollbackState: "FAILED",
      confirmations: [{ state: "FAILED", error: "no memory" }],
    });

    expect((await nodeOf(contextId, "", other.key)).data?.node).toBeNull();
    expect((await nodeOf(`${contextId}@1`, "", other.key)).data?.node).toBeNull();
    expect(await change("writeContext", { contextId, data: {} }, "id", other.key)).toMatchObject({ code: "NOT_FOUND" });
    expect(
      await change("openContext", { projectId: tenant.projectId, agentId: mine.id, name: "memory" }, "id", other.key),
    ).toMatchObject({ code: "NOT_FOUND" });
    const listed = await server.ask<{ node: { contexts: { edges: { node: { id: string } }[] } } }>(
      "query ($id: ID!) { node(id: $id) { ... on Agent { contexts { edges { node { id } } } } } }",
      { id: mine.id },
    );
    expect(listed.data?.node.contexts.edges).toEqual([{ node: { id: contextId } }]);
  });

  it("filter by owner, name and rollback", async () => {
    const agent = await createAgent(server, tenant, "filtered");
    await openContext("filter me", agent.id);
    const list = async (filter: object) => {
      const { data } = await server.ask<{ project: { contexts: { edges: { node: { name: string } }[] } } }>(
        "query ($path: String!, $filter: ContextFilter) { project(path: $path) { contexts(filter: $filter) { edges { node { name } } } } }",
        { path: tenant.path, filter },
      );
      return data?.project.contexts.edges.map((edge) => edge.node.name);
    };
    expect(await list({ agent: agent.id })).toEqual(["filter me"]);
    expect(await list({ search: "FILTER" })).toEqual(["filter me"]);
    expect(await list({ search: "filter", rollbackStates: ["PENDING"] })).toEqual([]);
  });
});

it("reads a page of contexts with all they have in a number of statements that does not depend on the page", async () => {
  const agent = await createAgent(server, tenant, "owner-of-many");
  for (let at = 0; at < 6; at++) {
    const contextId = await openContext(`many ${at}`, at % 2 === 0 ? agent.id : undefined);
    for (const value of [1, 2]) await change("writeContext", { contextId, data: { value } });
    await change("rollBackContext", { contextId, toVersion: 1, reason: "wrong" });
  }
  const query = `query ($path: String!, $first: Int!) { project(path: $path) {
    contexts(first: $first, filter: { search: "many" }) { edges { node {
      data project { name } agent { name } confirmations { state } version(number: 2) { data context { name } author { name } } } } } } }`;
  const page = { databaseUrl: server.databaseUrl, query, list: "contexts", path: tenant.path };
  const [six, two] = await countStatements(page, [6, 2]);
  expect(six).toBe(two);
});
