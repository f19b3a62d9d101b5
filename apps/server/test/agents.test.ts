import { openDatabase } from "@muster/database/database.ts";
import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import type { RequestContext } from "@muster/graphql/request-context.ts";
import { schema } from "@muster/graphql/schema.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { execute, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
let names = 0;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

type Result = { __typename: string; data?: Record<string, unknown>; [field: string]: unknown };

const ERRORS: Record<string, string> = {
  IllegalTransition: "state action allowed",
  Conflict: "expected actual",
  InvalidInput: "issues { path message }",
  Forbidden: "permission",
};

/** Sends one mutation and gives its result: a success with `fields`, or an error with all it says. */
async function change(name: string, input: object, fields = "data { id }", key?: string): Promise<Result> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const union = schema.getType(`${type}Result`) as unknown as { getTypes(): { name: string }[] };
  const errors = union
    .getTypes()
    .flatMap(({ name: error }) => (error in ERRORS ? [`... on ${error} { ${ERRORS[error]} }`] : []));
  const answer = await server.ask<Record<string, Result>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
       __typename ... on ${type}Success { ${fields} } ... on Error { code message } ${errors.join(" ")} } }`,
    { input },
    key,
  );
  if (!answer.data?.[name]) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name];
}
const newAgent = (more: object = {}) => createAgent(server, tenant, `agent ${names++}`, more);

describe("agents over HTTP", () => {
  it("live from registration to the end, with every step in their answers", async () => {
    const { id, key } = await newAgent({ labels: { tier: "a" }, maxConcurrency: 2 });
    expect(key).toMatch(/^mst_agent_/);
    const connected = await change(
      "connectAgent",
      { agentId: id },
      "data { incarnation agent { state availableActions } }",
      key,
    );
    // An agent's own key may not ask for transitions.
    expect(connected.data).toEqual({ incarnation: 1, agent: { state: "ONLINE", availableActions: [] } });
    const beat = {
      agentId: id,
      incarnation: 1,
      sequence: 1,
      load: 0.5,
      tasks: [{ taskId: "task_nonsense", attempt: 1 }],
    };
    expect((await change("heartbeat", beat, "data { lost { taskId attempt } cancel { taskId } }", key)).data).toEqual({
      lost: [],
      cancel: [],
    });
    expect(await change("heartbeat", beat, "data { lost { taskId } }", key)).toMatchObject({
      __typename: "Conflict",
      code: "CONFLICT",
    });

    const fields = `data { id state version pendingAction availableActions available activeTasks maxConcurrency labels capabilities
      lastHeartbeatAt lastError errorCount definitionVersion definition { slug } project { path } }`;
    const suspended = await change("transitionAgent", { agentId: id, action: "SUSPEND", reason: "cost" }, fields);
    expect(suspended.data).toMatchObject({
      id,
      state: "SUSPENDED",
      version: 3,
      pendingAction: null,
      available: false,
      availableActions: ["RESTART", "RESUME", "MAINTAIN", "FAIL", "STOP", "DECOMMISSION"],
      labels: { tier: "a" },
      capabilities: ["work"],
      definition: { slug: "worker" },
      project: { path: tenant.path },
      lastHeartbeatAt: expect.stringMatching(/Z$/) as unknown,
    });
    const resumed = await change(
      "transitionAgent",
      { agentId: id, action: "RESUME", reason: "go", expectedState: "SUSPENDED" },
      fields,
    );
    expect(resumed.data).toMatchObject({ state: "ONLINE", available: true });
    expect((await change("failAgent", { agentId: id, error: "no memory" }, fields, key)).data).toMatchObject({
      state: "ERROR",
      lastError: "no memory",
      errorCount: 1,
    });
    await change("transitionAgent", { agentId: id, action: "DECOMMISSION", reason: "old" });
    expect(await change("connectAgent", { agentId: id }, "data { incarnation }")).toMatchObject({
      __typename: "IllegalTransition",
    });
  });

  it("say what is allowed, and what is, when they refuse", async () => {
    const { id } = await newAgent();
    expect(await change("transitionAgent", { agentId: id, action: "RESUME", reason: "r" })).toMatchObject({
      __typename: "IllegalTransition",
      code: "ILLEGAL_TRANSITION",
      state: "REGISTERED",
      action: "RESUME",
      allowed: ["START", "SUSPEND", "FAIL", "STOP", "DECOMMISSION"],
    });
    for (const action of ["ASSIGN", "RELEASE", "LOSE", "ACTIVATE"]) {
      expect(await change("transitionAgent", { agentId: id, action, reason: "r" })).toMatchObject({
        __typename: "IllegalTransition",
      });
    }
    expect(
      await change("transitionAgent", { agentId: id, action: "STOP", reason: "r", expectedState: "ONLINE" }),
    ).toMatchObject({
      __typename: "Conflict",
      expected: "ONLINE",
      actual: "REGISTERED",
    });
    expect(await change("updateAgent", { agentId: id, config: {}, expectedConfigVersion: 7 })).toMatchObject({
      __typename: "Conflict",
      expected: "7",
      actual: "1",
    });
    expect(await change("cancelPendingAction", { agentId: id, reason: "r" })).toMatchObject({ __typename: "Conflict" });
    expect(await change("updateAgent", { agentId: id, labels: { a: 1 }, maxConcurrency: 0 })).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["labels", "a"] }, { path: ["maxConcurrency"] }],
    });
    expect(
      await change("registerAgent", { projectId: tenant.projectId, definitionSlug: "worker", name: "agent 0" }),
    ).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["name"] }],
    });
  });

  it("answer unknown, malformed and foreign ids alike", async () => {
    const [mine, other] = [await newAgent(), await createTenant(server)];
    const foreign = await createAgent(server, other, "foreign");
    const answers = [];
    for (const agentId of [
      "agent_01h455vb4pex5vsknk084sn02q",
      "agent_00000000000000000000000001",
      "nonsense",
      tenant.projectId,
      "",
    ]) {
      answers.push(await change("transitionAgent", { agentId, action: "STOP", reason: "r" }));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ __typename: "NotFound", code: "NOT_FOUND" });
    // Another tenant's agent, as an agent sees it.
    const seen = await server.ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
      { ids: [foreign.id, mine.id] },
      mine.key,
    );
    expect(seen.data).toEqual({ nodes: [null, { id: mine.id }] });
    expect(
      await change(
        "heartbeat",
        { agentId: foreign.id, incarnation: 1, sequence: 1, tasks: [] },
        "data { lost { taskId } }",
        mine.key,
      ),
    ).toMatchObject({ __typename: "Forbidden" });
  });

  it("are superseded by a newer process and get a new key", async () => {
    const { id, key } = await newAgent();
    await change("connectAgent", { agentId: id }, "data { incarnation }", key);
    expect((await change("connectAgent", { agentId: id }, "data { incarnation }", key)).data).toEqual({
      incarnation: 2,
    });
    expect(
      await change(
        "heartbeat",
        { agentId: id, incarnation: 1, sequence: 1, tasks: [] },
        "data { lost { taskId } }",
        key,
      ),
    ).toMatchObject({
      __typename: "Conflict",
      expected: "1",
      actual: "2",
    });
    const rotated = await change("rotateAgentKey", { agentId: id }, "key data { id }");
    expect(rotated["key"]).not.toBe(key);
    const viewer = "{ viewer { actor { kind id } } }";
    expect((await server.ask(viewer, {}, rotated["key"] as string)).data).toEqual({
      viewer: { actor: { kind: "AGENT", id } },
    });
    // An answer about a key may be used again for a moment.
    await expect
      .poll(async () => (await server.ask(viewer, {}, key)).errors?.[0]?.extensions.code, { timeout: 5_000 })
      .toBe("UNAUTHENTICATED");
  });
});

interface AgentPage {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly name: string } }[];
}
type Listed = Partial<AgentPage> & { readonly names?: readonly string[]; readonly errors?: Answer["errors"] };

describe("lists of agents over HTTP", () => {
  it("filter, order, page both ways and count", async () => {
    const place = await createTenant(server);
    const created = [];
    for (let at = 0; at < 5; at++) {
      created.push(await createAgent(server, place, `n${at}`, { labels: { even: String(at % 2 === 0) } }));
    }
    await change("connectAgent", { agentId: created[0]?.id }, "data { incarnation }");
    const list = async (by: string): Promise<Listed> => {
      const { data, errors } = await server.ask<{ project: { agents: AgentPage } | null }>(
        `{ project(path: "${place.path}") { agents(${by}) {
             totalCount totalIsCapped pageInfo { hasNextPage hasPreviousPage } edges { cursor node { name } } } } }`,
      );
      if (!data?.project) return { errors };
      const { agents } = data.project;
      return { ...agents, names: agents.edges.map((edge) => edge.node.name) };
    };
    const first = await list("first: 2");
    expect(first).toMatchObject({
      names: ["n0", "n1"],
      totalCount: 5,
      totalIsCapped: false,
      pageInfo: { hasNextPage: true },
    });
    const after = first.edges?.[1]?.cursor;
    expect((await list(`first: 2, after: "${after}"`)).names).toEqual(["n2", "n3"]);
    expect((await list("last: 2")).names).toEqual(["n3", "n4"]);
    expect((await list("first: 9, orderBy: { field: CREATED_AT, direction: DESC }")).names).toEqual([
      "n4",
      "n3",
      "n2",
      "n1",
      "n0",
    ]);
    expect((await list("first: 9, filter: { states: [ONLINE] }")).names).toEqual(["n0"]);
    expect((await list('first: 9, filter: { available: false, labels: { even: "true" } }')).names).toEqual([
      "n2",
      "n4",
    ]);
    expect((await list('first: 9, filter: { search: "N3" }')).names).toEqual(["n3"]);
    expect((await list(`first: 9, filter: { ids: ["${created[4]?.id}", "nonsense"] }`)).names).toEqual(["n4"]);
    for (const wrong of ["first: 0", "first: 201", "first: 1, last: 1", 'after: "nonsense"']) {
      expect((await list(wrong)).errors?.[0]?.extensions.code).toBe("INVALID_INPUT");
    }
    const counts = await server.ask<{ project: { agentCounts: { state: string; count: number }[] } }>(
      `{ project(path: "${place.path}") { agentCounts { state count } } }`,
    );
    const counted = new Map(counts.data?.project.agentCounts.map(({ state, count }) => [state, count]));
    expect([...counted.keys()]).toEqual([...AGENT_STATES]);
    expect([...counted].filter(([, count]) => count > 0)).toEqual([
      ["REGISTERED", 4],
      ["ONLINE", 1],
    ]);
  });

  it("read a page with all that agents have in a number of statements that does not depend on the page", async () => {
    const database = openDatabase({ url: server.databaseUrl });
    const document =
      parse(`query ($path: String!, $first: Int!) { project(path: $path) { agents(first: $first) { totalCount edges { node {
      name state availableActions available lastHeartbeatAt definition { slug }
      project { path workspace { slug } } } } } } }`);
    try {
      const statementsFor = async (first: number) => {
        let statements = 0;
        const counting = new Proxy(database, {
          get: (target, name, receiver) => {
            if (name === "run" || name === "query") statements++;
            return Reflect.get(target, name, receiver) as unknown;
          },
        });
        const reach = { workspaceId: null, projectId: null };
        const actor = { kind: "USER", id: null, name: "Reader", reach, permissions: new Set(PERMISSIONS) } as const;
        const runtime = { database: counting, settings: DEFAULT_SETTINGS, committed() {} };
        const contextValue = { caller: { actor, correlationId: null }, runtime } as unknown as RequestContext;
        const { data, errors } = await execute({
          schema,
          document,
          contextValue,
          variableValues: { path: tenant.path, first },
        });
        expect(errors).toBeUndefined();
        expect((data as { project: { agents: { edges: unknown[] } } }).project.agents.edges).toHaveLength(first);
        return statements;
      };
      expect(await statementsFor(4)).toBe(await statementsFor(2));
    } finally {
      await database.close();
    }
  });
});

describe("definitions over HTTP", () => {
  it("are registered, versioned, listed, and refuse what is no schema", async () => {
    const definition = {
      workspaceId: tenant.workspaceId,
      slug: "linter",
      name: "Linter",
      type: "linter",
      capabilities: ["lint"],
    };
    const fields = "data { id version enabled configSchema metadata shared }";
    const first = await change("registerDefinition", definition, fields);
    expect(first.data).toMatchObject({ version: 1, enabled: true, configSchema: {}, metadata: {}, shared: false });
    const configSchema = { type: "object", required: ["rules"] };
    expect((await change("registerDefinition", { ...definition, configSchema }, fields)).data).toMatchObject({
      version: 2,
      configSchema,
    });
    expect(
      await change("registerDefinition", { ...definition, configSchema: { type: "thing" } }, fields),
    ).toMatchObject({
      __typename: "InvalidInput",
    });
    expect(
      await change("registerAgent", { projectId: tenant.projectId, definitionSlug: "linter", name: "l", config: {} }),
    ).toMatchObject({
      issues: [{ path: ["config"], message: "must have required property 'rules'." }],
    });
    const listed = await server.ask<{ project: { definitions: { edges: { node: { slug: string } }[] } } }>(
      `{ project(path: "${tenant.path}") { definitions { edges { node { slug agents { totalCount } } } } } }`,
    );
    expect(listed.data?.project.definitions.edges.map((edge) => edge.node.slug)).toEqual(["linter", "worker"]);
  });
});
