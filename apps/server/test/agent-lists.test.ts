import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countStatements } from "./count-statements.ts";
import { change as send } from "./change.ts";
import { type Answer, createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string, key?: string) => send(server, name, input, fields, key);

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
    for (let at = 0; at < 4; at++) await createAgent(server, tenant, `reader ${at}`);
    const query = `query ($path: String!, $first: Int!) { project(path: $path) { agents(first: $first) { totalCount edges { node {
      name state availableActions available lastHeartbeatAt definition { slug }
      project { path workspace { slug } } } } } } }`;
    const page = { databaseUrl: server.databaseUrl, query, list: "agents", path: tenant.path };
    const [four, two] = await countStatements(page, [4, 2]);
    expect(four).toBe(two);
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
