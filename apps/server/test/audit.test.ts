import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseId } from "@muster/domain/ids.ts";
import { signedIn } from "./browser.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let database: Database;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  database = openDatabase({ url: server.databaseUrl, onError: () => {} });
  [tenant, other] = [await createTenant(server), await createTenant(server)];
  await createAgent(server, tenant, "=1+1");
  await createAgent(server, other, "foreign");
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

const query = <Row = object>(text: TemplateStringsArray, ...values: unknown[]) =>
  database.run(statement<Row>(text.reduce((all, part, at) => `${all}$${at}${part}`)), values);

/** A key of a program with a role. */
async function keyWith(role: string, place: { workspaceId?: string; projectId?: string }): Promise<string> {
  const { data, errors } = await server.ask<{ createApiKey: { key: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeySuccess { key } ... on Error { message } } }`,
    { input: { ...place, role, name: role } },
  );
  if (!data?.createApiKey.key) throw new Error(JSON.stringify({ data, errors }));
  return data.createApiKey.key;
}

interface Line {
  readonly type: string;
  readonly workspace: string | null;
  readonly project: string | null;
  readonly sealed: boolean;
  readonly actor: { readonly name: string };
}

const get = (path: string, key = server.adminKey) =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } });

async function exported(asked: Record<string, string>, key?: string): Promise<Line[]> {
  const response = await get(`/audit/export?${new URLSearchParams(asked)}`, key);
  expect(response.status).toBe(200);
  const text = await response.text();
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Line]));
}

describe("the audit log", () => {
  const list = (filter: object, key?: string) =>
    server.ask<{ node: { auditLog: { edges: { node: { event: { type: string } } }[] } } | null }>(
      `query ($id: ID!, $filter: AuditFilter) { node(id: $id) { ... on Workspace { auditLog(first: 50, filter: $filter) {
        totalCount edges { node { sealed event { type actor { name } project } } } } } } }`,
      { id: tenant.workspaceId, filter },
      key,
    );
  const types = async (filter: object, key?: string) => {
    const { data, errors } = await list(filter, key);
    expect(errors).toBeUndefined();
    return data?.node?.auditLog.edges.map(({ node }) => node.event.type);
  };

  it("has what happened in a workspace and its projects, the newest first", async () => {
    expect(await types({})).toEqual([
      "agent.registered",
      "definition.registered",
      "project.created",
      "workspace.created",
    ]);
  });

  it("can be filtered by all that it says", async () => {
    const [row] = await query<{
      credential: string;
    }>`select credential_id as credential from events where type = 'agent.registered' limit 1`;
    expect(parseId("apiKey", `key_${server.adminKey.split("_")[2]}`)).toBe(row?.credential);
    const key = `key_${server.adminKey.split("_")[2]}`;
    expect(await types({ types: ["project.created"] })).toEqual(["project.created"]);
    expect(await types({ projects: [tenant.projectId] })).toEqual(["agent.registered", "project.created"]);
    expect(await types({ projects: [other.projectId] })).toEqual([]);
    expect(await types({ credentials: [key] })).toHaveLength(4);
    expect(await types({ actors: [key] })).toHaveLength(4);
    expect(await types({ actorKinds: ["USER", "SYSTEM"] })).toEqual([]);
    expect(await types({ addresses: ["127.0.0.0/8", "::1"] })).toHaveLength(4);
    expect(await types({ addresses: ["10.0.0.1"] })).toEqual([]);
    expect(await types({ subjects: [tenant.projectId] })).toEqual(["project.created"]);
    expect(await types({ search: "WORKER" })).toEqual(["definition.registered"]);
    expect(await types({ after: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await types({ before: new Date(Date.now() + 60_000) })).toHaveLength(4);
    expect((await list({ addresses: ["here"] })).errors?.[0]?.extensions.code).toBe("INVALID_INPUT");
  });

  it("is for those with audit.read, where they have it", async () => {
    const viewer = await keyWith("VIEWER", { workspaceId: tenant.workspaceId });
    expect((await list({}, viewer)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await get(`/audit/export?workspace=${tenant.workspaceId}`, viewer)).status).toBe(403);
    expect((await get(`/audit/export`, viewer)).status).toBe(403);
    const ofProject = await keyWith("ADMIN", { projectId: tenant.projectId });
    expect(
      new Set((await exported({ workspace: tenant.workspaceId }, ofProject)).map(({ project }) => project)),
    ).toEqual(new Set([tenant.projectId]));
    expect((await get(`/audit/chain?workspace=${tenant.workspaceId}`, ofProject)).status).toBe(403);
    const ofWorkspace = await keyWith("ADMIN", { workspaceId: tenant.workspaceId });
    expect(await exported({ workspace: other.workspaceId }, ofWorkspace)).toEqual([]);
    expect((await get(`/audit/export`, ofWorkspace)).status).toBe(403);
    const linesOf = async (what: string, key?: string) =>
      (await (await get(`/audit/${what}?workspace=${other.workspaceId}`, key)).text()).trim().split("\n").length;
    for (const what of ["chain", "checkpoints"]) {
      await expect.poll(() => linesOf(what), { timeout: 15_000 }).toBeGreaterThan(1);
      expect(await linesOf(what, ofWorkspace)).toBe(1);
    }
    expect((await get(`/audit/export?workspace=${tenant.workspaceId}`, "nonsense")).status).toBe(401);
  });

  it("has sign-ins, those that were refused, and keys: in the installation's own", async () => {
    await fetch(`${server.url}/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url },
      body: JSON.stringify({ email: "nobody@example.com", password: "wrong password" }),
    });
    await signedIn(server);
    const { data } = await server.ask<{ auditLog: { edges: { node: { event: { type: string } } }[] } }>(
      "{ auditLog(first: 50) { edges { node { event { type } } } } }",
    );
    const found = data?.auditLog.edges.map(({ node }) => node.event.type);
    expect(found).toEqual(expect.arrayContaining(["user.sign_in_refused", "api_key.signed_in"]));
    const keys = (await exported({ workspace: tenant.workspaceId })).map(({ type }) => type);
    expect(keys).toContain("api_key.created");
  });

  it("is sealed within seconds, and its checkpoints can be had", async () => {
    await expect
      .poll(async () => (await exported({ workspace: tenant.workspaceId })).every(({ sealed }) => sealed), {
        timeout: 10_000,
      })
      .toBe(true);
    await expect
      .poll(
        async () =>
          (await (await get(`/audit/checkpoints?workspace=${tenant.workspaceId}`)).text()).trim().split("\n").length,
        {
          timeout: 20_000,
        },
      )
      .toBeGreaterThan(1);
    const { data } = await server.ask<{ node: { auditCheckpoints: { edges: { node: { signature: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on Workspace { auditCheckpoints { edges { node { position hash signature keyId isCut createdAt lastEvent } } } } } }`,
      { id: tenant.workspaceId },
    );
    expect(data?.node.auditCheckpoints.edges[0]?.node).toMatchObject({
      signature: expect.stringMatching(/^ey/),
      isCut: false,
    });
  });
});

describe("exports", () => {
  it("as CSV hold no formulas", async () => {
    const response = await get(`/audit/export?workspace=${tenant.workspaceId}&format=csv&types=agent.registered`);
    expect(response.headers.get("content-type")).toMatch(/^text\/csv/);
    expect(response.headers.get("content-disposition")).toContain("attachment");
    const text = await response.text();
    expect(text).toMatch(/^id,at,type,subject,.*\r\n.*agent\.registered/);
    expect(text.split("\r\n")).toHaveLength(3);
    await query`update events set reason = '=HYPERLINK("x")', actor_name = '@cmd' where type = 'agent.registered'`;
    const changed = await (
      await get(`/audit/export?workspace=${tenant.workspaceId}&format=csv&types=agent.registered`)
    ).text();
    expect(changed).toContain(`"'=HYPERLINK(""x"")"`);
    expect(changed).toContain(`"'@cmd"`);
  });

  it("refuse what cannot be", async () => {
    for (const [asked, status] of [
      ["format=xml", 400],
      ["nonsense=1", 400],
      ["after=yesterday", 400],
      ["actorKinds=NOBODY", 400],
      ["workspace=wks_nonsense", 404],
    ] as const) {
      const response = await get(`/audit/export?${asked}`);
      expect(response.status, asked).toBe(status);
      expect(((await response.json()) as { errors: { message: string }[] }).errors[0]?.message).toBeTruthy();
    }
    expect((await get("/audit/nothing")).status).toBe(404);
    const posted = await fetch(`${server.url}/audit/export`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.adminKey}` },
    });
    expect(posted.status).toBe(405);
  });

  it("of a session are for our own pages only", async () => {
    const link = await fetch(`${server.url}/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url },
      body: JSON.stringify({ key: server.adminKey }),
    });
    const cookie = link.headers.get("set-cookie")?.split(";")[0] ?? "";
    const from = (site: string) =>
      fetch(`${server.url}/audit/checkpoints`, { headers: { cookie, "sec-fetch-site": site } }).then(
        ({ status }) => status,
      );
    expect(await from("same-origin")).toBe(200);
    expect(await from("cross-site")).toBe(401);
  });

  it("of any length wait for a slow reader, and end when the key is revoked", async () => {
    const [project] = await query<{
      id: string;
      workspace: string;
    }>`select id, workspace_id as workspace from projects where slug = 'app' and id = ${parseId("project", other.projectId)}`;
    await query`
      insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
      select ${project?.workspace}::uuid, ${project?.id}::uuid, 'project.updated', ${project?.id}::uuid, n, 'SYSTEM', 'test', jsonb_build_object('text', repeat('x', 4000))
      from generate_series(1, 8000) n`;
    expect(await exported({ workspace: other.workspaceId, types: "project.updated" })).toHaveLength(8_000);

    const key = await keyWith("ADMIN", { workspaceId: other.workspaceId });
    const slow = httpRequest(`${server.url}/audit/export?workspace=${other.workspaceId}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    slow.end();
    const [response] = (await once(slow, "response")) as [IncomingMessage];
    response.pause();
    response.on("error", () => {});
    const used = async () => {
      const [row] = await query<{
        count: number;
      }>`select count(*)::int as count from pg_stat_activity where datname = current_database() and state = 'active' and query like '%events e%' and pid <> pg_backend_pid()`;
      return row?.count ?? 0;
    };
    await sleep(500);
    // It reads no further than the sockets' buffers hold.
    const before = process.memoryUsage().rss;
    await sleep(500);
    expect(await used()).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
    const closed = new Promise((resolve) => response.once("close", resolve));
    const { data } = await server.ask<{ node: { apiKeys: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on Workspace { apiKeys { edges { node { id } } } } } }`,
      { id: other.workspaceId },
    );
    const ids = data?.node.apiKeys.edges.map(({ node }) => node.id) ?? [];
    for (const id of ids.filter((each) => each === `key_${key.split("_")[2]}`))
      await server.ask(`mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }`, {
        input: { apiKeyId: id, reason: "enough" },
      });
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });
});
