import { schema } from "@muster/graphql/schema.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

type Input = Record<string, unknown>;

/** Sends a mutation and gives the id of what it answers with. */
async function change(name: string, input: Input): Promise<string> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const answer = await server.ask<Record<string, { data?: { id: string }; message?: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on ${type}Success { data { id } } ... on Error { message } } }`,
    { input },
  );
  const id = answer.data?.[name]?.data?.id;
  if (!id) throw new Error(JSON.stringify(answer));
  return id;
}

interface Case {
  /** Makes what is to be changed, and gives what to change of it. */
  readonly input: () => Promise<Input>;
  readonly type: string;
  readonly before: unknown;
  readonly after: unknown;
}

const inProject = (input: Input) => ({ projectId: tenant.projectId, ...input });
const task = (url: string) => ({ kind: "work", input: { url, apiKey: "s3cret" } });
const definition = { slug: "painter", name: "Painter", type: "painter", capabilities: ["paint"] };

/** One for each mutation that changes a part of something and leaves the rest. */
const CASES: Readonly<Record<string, Case | string>> = {
  updateAgent: {
    async input() {
      const configSchema = { properties: { door: { writeOnly: true }, limit: {} } };
      await change("registerDefinition", {
        workspaceId: tenant.workspaceId,
        ...definition,
        slug: "keeper",
        configSchema,
      });
      const config = { door: "7", limit: 1, token: "s3cret", site: "https://ann:s3cret@host.example" };
      const { id } = await createAgent(server, tenant, "ada", {
        definitionSlug: "keeper",
        config,
        labels: { team: "red" },
      });
      return {
        agentId: id,
        name: "bea",
        labels: { team: "blue" },
        maxConcurrency: 1,
        config: { ...config, door: "8", limit: 2 },
      };
    },
    type: "agent.updated",
    before: {
      name: "ada",
      labels: { team: "red" },
      config: { door: "[redacted]", limit: 1, token: "[redacted]", site: "https://[redacted]@host.example" },
    },
    after: {
      name: "bea",
      labels: { team: "blue" },
      config: { door: "[redacted]", limit: 2, token: "[redacted]", site: "https://[redacted]@host.example" },
    },
  },
  registerDefinition: {
    async input() {
      await change("registerDefinition", { workspaceId: tenant.workspaceId, ...definition, configSchema: {} });
      return { workspaceId: tenant.workspaceId, ...definition, name: "Artist", capabilities: ["draw", "paint"] };
    },
    type: "definition.version_added",
    before: { name: "Painter", capabilities: ["paint"] },
    after: { name: "Artist", capabilities: ["draw", "paint"] },
  },
  updateContext: {
    input: async () => ({
      contextId: await change("openContext", inProject({ name: "notes" })),
      keepVersions: 5,
      schema: { type: "object" },
    }),
    type: "context.updated",
    before: { keepVersions: null, schema: null },
    after: { keepVersions: 5, schema: { type: "object" } },
  },
  updateProject: {
    input: async () => inProject({ name: "Renamed" }),
    type: "project.updated",
    before: { name: "App" },
    after: { name: "Renamed" },
  },
  updateWorkspace: {
    input: async () => ({
      workspaceId: tenant.workspaceId,
      name: "Renamed",
      maxAgents: 5,
      maxStorageBytes: 9_000_000_000,
    }),
    type: "workspace.updated",
    before: { name: expect.any(String), maxAgents: null, maxStorageBytes: null },
    after: { name: "Renamed", maxAgents: 5, maxStorageBytes: 9_000_000_000 },
  },
  updateQueue: {
    async input() {
      await change("updateQueue", inProject({ queue: "fast", maxRunning: 3 }));
      return inProject({ queue: "fast", maxRunning: null });
    },
    type: "queue.updated",
    before: { maxRunning: 3 },
    after: { maxRunning: null },
  },
  setRateLimit: {
    async input() {
      await change("setRateLimit", inProject({ key: "model", max: 3, periodMs: 1_000 }));
      return inProject({ key: "model", max: 4, periodMs: 1_000 });
    },
    type: "rate_limit.updated",
    before: { max: 3 },
    after: { max: 4 },
  },
  updateSchedule: {
    input: async () => ({
      scheduleId: await change(
        "createSchedule",
        inProject({ name: "daily", cron: "0 3 * * *", task: task("https://a:b@x") }),
      ),
      name: "nightly",
      task: task("https://a:c@y"),
    }),
    type: "schedule.updated",
    before: {
      name: "daily",
      task: expect.objectContaining({ input: { url: "https://[redacted]@x", apiKey: "[redacted]" } }),
    },
    after: {
      name: "nightly",
      task: expect.objectContaining({ input: { url: "https://[redacted]@y", apiKey: "[redacted]" } }),
    },
  },
  updateSavedView: {
    input: async () => ({
      viewId: await change("createSavedView", inProject({ screen: "TASKS", name: "mine", query: "state=RUNNING" })),
      query: "state=FAILED",
    }),
    type: "saved_view.updated",
    before: { query: "state=RUNNING" },
    after: { query: "state=FAILED" },
  },
  updateWebhook: {
    input: async () => ({
      webhookId: await change("createWebhook", inProject({ name: "hook", url: "https://one.example/s3cret?s3cret" })),
      url: "https://two.example/s3cret",
      filter: { types: ["agent.transitioned"] },
    }),
    type: "webhook.updated",
    before: { host: "one.example", filter: expect.anything() },
    after: { host: "two.example", filter: expect.objectContaining({ types: ["agent.transitioned"] }) },
  },
  changeRole: {
    input: async () => ({
      membershipId: await change("inviteUser", inProject({ email: "cleo@example.com", role: "VIEWER" })),
      role: "OPERATOR",
    }),
    type: "membership.changed",
    before: { role: "VIEWER" },
    after: { role: "OPERATOR" },
  },
  updateProfile: "of whoever is signed in: the tests of people",
  changePassword: "says only that it was changed",
};

it("knows every mutation that changes a part of something", () => {
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const changing = names.filter((name) => /^(update|set|change|rename|move|register(?!Agent))/.test(name));
  expect(Object.keys(CASES).toSorted()).toEqual(changing.toSorted());
});

interface Entry {
  readonly before: unknown;
  readonly after: unknown;
  readonly sealed: boolean;
  readonly address: string;
  readonly credential: { readonly kind: string; readonly name: string };
  readonly event: { readonly type: string; readonly payload: unknown };
}

const cases = Object.entries(CASES).flatMap(([name, of]) => (typeof of === "string" ? [] : [[name, of] as const]));

it.each(cases)(
  "%s says before and after, without secrets, and who did it from where",
  async (name, { input, type, before, after }) => {
    await change(name, await input());
    const { data, errors } = await server.ask<{ node: { auditLog: { edges: { node: Entry }[] } } }>(
      `query ($id: ID!, $types: [String!]) { node(id: $id) { ... on Workspace { auditLog(first: 1, filter: { types: $types }) {
      edges { node { before after sealed address credential { kind name } event { type payload } } } } } } }`,
      { id: tenant.workspaceId, types: [type] },
    );
    expect(errors).toBeUndefined();
    const entry = data?.node.auditLog.edges[0]?.node;
    expect(entry).toMatchObject({ before, after, credential: { kind: "API_KEY", name: "bootstrap" } });
    expect(Object.keys(entry?.before ?? {}).toSorted()).toEqual(Object.keys(after as object).toSorted());
    expect(entry?.address).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(JSON.stringify(entry)).not.toContain("s3cret");
  },
);
