import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { bodyOf, transportsOf } from "./transports.ts";

const CREATE_TASK = `mutation ($input: CreateTaskInput!) {
  createTask(input: $input) {
    __typename
    ... on CreateTaskSuccess { data { id } }
    ... on Error { code message }
    ... on InvalidInput { issues { path message } }
  }
}`;

interface Created {
  createTask: { __typename: string; data?: { id: string }; issues?: { path: string[]; message: string }[] };
}

type Send = (query: string, variables?: string) => Promise<{ code: string | undefined; data: unknown }>;

let server: TestServer;
let tenant: Tenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
  await createAgent(server, tenant, "worker-1");
});
afterAll(() => server.stop());

const transports = transportsOf(() => server).map(([name, send]): [string, Send] => [
  name,
  (query, variables) => send(bodyOf(query, variables)),
]);
const [[, overHttp], , [, overWebSocket]] = transports as [[string, Send], [string, Send], [string, Send]];

describe.each(transports)("hostile documents over %s", (_name, send) => {
  it("refuses a depth of 3,000 before executing it", async () => {
    const depth = 3_000;
    const { code, data } = await send(
      `{ viewer { ${"workspaces { projects { edges { node { workspace { ".repeat(depth / 5)} id`,
    );
    expect(code).toBe("LIMIT_EXCEEDED");
    expect(data ?? null).toBeNull();
  });

  it("refuses a well-formed document that is deeper than the schema needs", async () => {
    const open = "workspace { projects(first: 1) { edges { node { ".repeat(6);
    const { code } = await send(`{ project(path: "x/y") { ${open} id ${"} } } }".repeat(6)} } }`);
    expect(code).toBe("LIMIT_EXCEEDED");
  });

  it("refuses 20,000 aliases", async () => {
    const aliases = Array.from({ length: 20_000 }, (_, at) => `a${at.toString(36)}:id`).join(" ");
    expect((await send(`{ ${aliases} }`)).code).toBe("LIMIT_EXCEEDED");
  });

  it("refuses 2,000 aliases of one field", async () => {
    const aliases = Array.from({ length: 2_000 }, (_, at) => `a${at}: viewer { permissions }`).join(" ");
    expect((await send(`{ ${aliases} }`)).code).toBe("LIMIT_EXCEEDED");
  });

  it("refuses lists nested 10,000 deep in the document", async () => {
    const value = "[".repeat(10_000) + "]".repeat(10_000);
    const { code } = await send(
      `mutation { createTask(input: { projectId: "x", kind: "k", input: ${value} }) { __typename } }`,
    );
    expect(code).toBe("LIMIT_EXCEEDED");
  });

  it("says what is wrong with a document that is not GraphQL", async () => {
    expect((await send("{ viewer { ")).code).toBe("GRAPHQL_PARSE_FAILED");
    expect((await send("{ nothing }")).code).toBe("GRAPHQL_VALIDATION_FAILED");
  });
});

describe.each(transports)("hostile JSON over %s", (_name, send) => {
  const cases: [string, string, RegExp][] = [
    ["NUL in text", '{"text":"a\\u0000b"}', /NUL/],
    ["NUL in a key", '{"a\\u0000b":1}', /NUL/],
    ["a lone surrogate", '{"text":"\\ud800"}', /surrogate/],
    ["__proto__", '{"__proto__":{"admin":true}}', /__proto__/],
    ["a whole number beyond 2^53", '{"n":1152921504606846976}', /2\^53/],
    ["a number beyond all", '{"n":1e999}', /finite/],
    ["10,000 levels", "[".repeat(10_000) + "]".repeat(10_000), /deeper/],
  ];

  it.each(cases)("answers InvalidInput to %s, and writes nothing", async (_case, input, message) => {
    const { data, code } = await send(
      CREATE_TASK,
      `{"input":{"projectId":"${tenant.projectId}","kind":"hostile","input":${input}}}`,
    );
    expect(code).toBeUndefined();
    const created = (data as Created).createTask;
    expect(created.__typename).toBe("InvalidInput");
    expect(created.issues?.[0]?.path[0]).toBe("input");
    expect(created.issues?.[0]?.message).toMatch(message);
    const { data: found } = await server.ask<{ project: { tasks: { totalCount: number } } }>(
      `query ($path: String!) { project(path: $path) { tasks(filter: { kinds: ["hostile"] }) { totalCount } } }`,
      { path: tenant.path },
    );
    expect(found?.project.tasks.totalCount).toBe(0);
  });
});

describe("large requests", () => {
  it("answers InvalidInput to 1.5 MB of JSON where 1 MB is the limit", async () => {
    const { data } = await server.ask<Created>(CREATE_TASK, {
      input: { projectId: tenant.projectId, kind: "large", input: { text: "x".repeat(1_500_000) } },
    });
    expect(data?.createTask.__typename).toBe("InvalidInput");
    expect(data?.createTask.issues?.[0]?.message).toMatch(/at most 1048576 bytes/);
  });

  it.each([17, 20])("refuses a body of %i MB with 413", async (megabytes) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.adminKey}` },
      body: JSON.stringify({ query: CREATE_TASK, variables: { input: { text: "x".repeat(megabytes * 1_000_000) } } }),
    }).catch((error: unknown) => ({ status: 413, error }));
    expect(response.status).toBe(413);
  });

  it("closes a socket that sends a message of more than 256 KiB, and only that one", async () => {
    const outcome = await overWebSocket(CREATE_TASK, `{"input":{"text":"${"x".repeat(5_000_000)}"}}`);
    expect(outcome.code).toBe("CLOSED_1009");
    expect((await overHttp("{ viewer { permissions } }")).code).toBeUndefined();
  });
});

describe("ids", () => {
  const TASK = `mutation ($input: CancelTaskInput!) { cancelTask(input: $input) { __typename ... on Error { code message } } }`;
  const cancel = async (taskId: string, key?: string) =>
    (await server.ask<{ cancelTask: unknown }>(TASK, { input: { taskId, reason: "no more" } }, key)).data;

  it("answers unknown, malformed and foreign ids alike", async () => {
    const other = await createTenant(server);
    const { data } = await server.ask<Created>(CREATE_TASK, {
      input: { projectId: tenant.projectId, kind: "mine", input: {} },
    });
    const foreignTask = data?.createTask.data?.id ?? "";
    const stranger = await createAgent(server, other, "stranger");
    const read = `query ($id: ID!) { node(id: $id) { id __typename } }`;
    const ids = [
      "task_01h455vb4pex5vsknk084sn02q",
      "task_nonsense",
      "nonsense",
      "",
      "task_",
      foreignTask,
      tenant.projectId,
    ];
    const answers = await Promise.all(ids.map(async (id) => (await server.ask(read, { id }, stranger.key)).data));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"node":null}']));

    const mutations = await Promise.all(
      ["task_01h455vb4pex5vsknk084sn02q", "task_nonsense", "\u0000", "agent_01h455vb4pex5vsknk084sn02q"].map((id) =>
        cancel(id),
      ),
    );
    expect(new Set(mutations.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(mutations[0]).toMatchObject({ cancelTask: { __typename: "NotFound", code: "NOT_FOUND" } });
  });
});
