import { afterAll, beforeAll, expect, it } from "vitest";
import { change as send } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string) => send(server, name, input, fields);

const JOB = `query ($id: ID!, $path: String!) {
  node(id: $id) { ... on BulkJob { kind action mode state filter reason total succeeded skipped
    targets { edges { node { outcome message agent { name state } task { id } } } } } }
  project(path: $path) { transitions: bulkJobs(filter: { kinds: [TRANSITION] }) { totalCount } others: bulkJobs(filter: { kinds: [CANCEL, RETRY] }) { totalCount } }
}`;

interface JobAnswer {
  readonly node: { readonly state: string };
}

it("finds out which agents can take an action, asks them, and says what has become of each", async () => {
  for (const name of ["a", "b", "c"]) await createAgent(server, tenant, name);
  const input = { projectId: tenant.projectId, filter: { search: "" }, all: true, reason: "too dear" };
  const dry = await change(
    "transitionAgents",
    { ...input, action: "RESTART", dryRun: true },
    "data { id } preview { count countIsCapped countAllowed countDraining states { state count allowed draining } sample { name } }",
  );
  expect(dry).toMatchObject({
    data: null,
    preview: {
      count: 3,
      countIsCapped: false,
      countAllowed: 0,
      countDraining: 0,
      states: [{ state: "REGISTERED", count: 3, allowed: false, draining: 0 }],
      sample: [{ name: "a" }, { name: "b" }, { name: "c" }],
    },
  });
  expect(await change("transitionAgents", { ...input, action: "SUSPEND", expectedCount: 2 })).toMatchObject({
    __typename: "Conflict",
    expected: "2",
    actual: "3",
  });
  expect(await change("transitionAgents", { ...input, action: "ASSIGN" })).toMatchObject({
    __typename: "InvalidInput",
    issues: [{ path: ["action"] }],
  });
  const some = { ...input, all: undefined, filter: { search: "a", states: ["REGISTERED"] } };
  const { data } = await change("transitionAgents", { ...some, action: "SUSPEND", expectedCount: 1 });
  const id = data?.["id"];
  for (;;) {
    const answer = await server.ask<JobAnswer>(JOB, { id, path: tenant.path });
    if (answer.data?.node.state === "RUNNING") continue;
    expect(answer.data).toEqual({
      node: {
        kind: "TRANSITION",
        action: "SUSPEND",
        mode: "DRAIN",
        state: "SUCCEEDED",
        filter: { search: "a", states: ["REGISTERED"] },
        reason: "too dear",
        total: 1,
        succeeded: 1,
        skipped: 0,
        targets: {
          edges: [
            { node: { outcome: "SUCCEEDED", message: null, agent: { name: "a", state: "SUSPENDED" }, task: null } },
          ],
        },
      },
      project: { transitions: { totalCount: 1 }, others: { totalCount: 0 } },
    });
    break;
  }
});
