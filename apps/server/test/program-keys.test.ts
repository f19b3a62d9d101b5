import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { parseId } from "@muster/domain/ids.ts";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, createTenant, startServerOn, type Tenant, type TestServer } from "./harness.ts";
import { bodyOf, transportsOf } from "./transports.ts";

/** Two servers over one database: what is done on one has to count on the other. */
let here: TestServer;
let there: TestServer;
let tenant: Tenant;
let database: Database;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  const place = await createTestDatabase();
  dropDatabase = () => place.drop();
  database = openDatabase({ url: place.url });
  here = await startServerOn(place.url, {}, { credentialCheckMs: 600_000 });
  there = await startServerOn(place.url, {}, { credentialCheckMs: 600_000 });
  tenant = await createTenant(here);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop(), database.close()]);
  await dropDatabase();
});

interface Shown {
  readonly data: { readonly id: string; readonly name: string; readonly role: string };
  readonly key: string;
}

const VIEWER = "{ viewer { actor { kind name id } permissions } }";
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename ... on CreateApiKeySuccess { key data { id name role } } ... on Error { code message } } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename ... on Error { message } } }`;
const ISSUE = `mutation ($input: IssueTokenInput!) { issueToken(input: $input) {
  __typename ... on IssueTokenSuccess { token expiresAt } ... on Error { code message } } }`;

async function create(input: Record<string, unknown> = {}, key?: string): Promise<Shown> {
  const answer = await here.ask<{ createApiKey: Shown }>(
    CREATE,
    { input: { projectId: tenant.projectId, name: "ci", role: "OPERATOR", ...input } },
    key,
  );
  if (!answer.data?.createApiKey.key) throw new Error(JSON.stringify(answer));
  return answer.data.createApiKey;
}

async function issue(key: string, input: Record<string, unknown> = {}): Promise<string> {
  const answer = await here.ask<{ issueToken: { token: string } }>(ISSUE, { input }, key);
  return answer.data?.issueToken.token ?? JSON.stringify(answer);
}

const revoke = (id: string) => here.ask(REVOKE, { input: { apiKeyId: id, reason: "test" } });
const statusOn = async (server: TestServer, credential: string) => (await ask(server.url, credential, VIEWER)).status;

/** How long it takes until the other server refuses. */
async function timeUntilRefused(credential: string): Promise<number> {
  const begun = performance.now();
  while ((await statusOn(there, credential)) !== 401 && performance.now() - begun < 10_000) await sleep(20);
  return performance.now() - begun;
}

/** Nobody can read or write the table while `work` goes on. */
async function withoutTable(table: string, work: () => Promise<void>): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.run(statement(`lock table ${table} in access exclusive mode`), []);
    await work();
  });
}

describe("a program's key", () => {
  it("does what its role and place let it, and nothing elsewhere", async () => {
    const { key } = await create({ permissions: ["workspace.read", "agent.read"] });
    const own = await there.ask(
      `query ($path: String!) { project(path: $path) { agents { totalCount } } }`,
      { path: tenant.path },
      key,
    );
    expect(own.data).toEqual({ project: { agents: { totalCount: 0 } } });
    const elsewhere = await createTenant(here);
    const other = await there.ask(
      `query ($path: String!) { project(path: $path) { id } }`,
      { path: elsewhere.path },
      key,
    );
    expect(other.data).toEqual({ project: null });
    const node = await there.ask(`query ($id: ID!) { node(id: $id) { id } }`, { id: elsewhere.projectId }, key);
    expect(node.data).toEqual({ node: null });
    const tasks = await there.ask(
      `query ($path: String!) { project(path: $path) { tasks { totalCount } } }`,
      { path: tenant.path },
      key,
    );
    expect(tasks.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    const made = await here.ask<{ createApiKey: { code: string } }>(
      CREATE,
      { input: { projectId: tenant.projectId, name: "x", role: "VIEWER" } },
      key,
    );
    expect(made.data?.createApiKey.code).toBe("FORBIDDEN");
  });

  it("is used without asking the database for it", async () => {
    const { key } = await create();
    const token = await issue(key);
    expect([await statusOn(there, key), await statusOn(there, token)]).toEqual([200, 200]);
    // Longer than answers are kept when the feed cannot be relied on.
    await sleep(1_200);
    await withoutTable("api_keys", async () => {
      expect([await statusOn(there, key), await statusOn(there, token)]).toEqual([200, 200]);
    });
  });

  it("is looked up again while the feed cannot tell what has ended", async () => {
    const { key, data } = await create();
    expect(await statusOn(there, key)).toBe(200);
    await withoutTable("events", async () => {
      const other = openDatabase({ url: there.databaseUrl, connections: 1 });
      // As it is after an event that the feed has not read yet.
      await other.run(statement("update api_keys set revoked_at = clock_timestamp() where id = $1"), [
        parseId("apiKey", data.id),
      ]);
      await other.close();
      expect(await timeUntilRefused(key)).toBeLessThan(2_000);
    });
  });

  it("and its tokens are refused on every server within two seconds of its end", async () => {
    const { key, data } = await create();
    const token = await issue(key);
    expect([await statusOn(there, key), await statusOn(there, token)]).toEqual([200, 200]);
    await revoke(data.id);
    expect(await statusOn(here, key)).toBe(401);
    expect(await timeUntilRefused(key)).toBeLessThan(2_000);
    expect(await timeUntilRefused(token)).toBeLessThan(500);
  });

  it("shows when it was used", async () => {
    const { key, data } = await create();
    const other = await startServerOn(here.databaseUrl);
    expect(await statusOn(other, key)).toBe(200);
    await other.stop();
    const answer = await here.ask(`query ($id: ID!) { node(id: $id) { ... on ApiKey { lastUsedAt } } }`, {
      id: data.id,
    });
    expect(answer.data).toEqual({ node: { lastUsedAt: expect.stringMatching(/^20/) } });
  });
});

describe("lists of keys", () => {
  const LIST = `query ($slug: String!, $first: Int, $after: String, $filter: ApiKeyFilter) { workspace(slug: $slug) {
    apiKeys(first: $first, after: $after, filter: $filter) { totalCount pageInfo { endCursor hasNextPage } edges { node { id name kind state prefix createdBy { name } } } } } }`;
  interface Listed {
    readonly workspace: {
      readonly apiKeys: {
        readonly totalCount: number;
        readonly pageInfo: { endCursor: string; hasNextPage: boolean };
        readonly edges: { node: Record<string, unknown> }[];
      };
    };
  }
  it("are in pages, filtered, and of the caller's place", async () => {
    const own = await createTenant(here);
    const slug = own.path.split("/")[0] ?? "";
    const made: Shown[] = [];
    for (let number = 0; number < 5; number += 1)
      made.push(await create({ projectId: own.projectId, name: `build ${number}` }));
    await here.ask(REVOKE, { input: { apiKeyId: made[0]?.data.id, reason: "old" } });
    const list = async (variables: object, key?: string) =>
      (await here.ask<Listed>(LIST, { slug, ...variables }, key)).data?.workspace.apiKeys;
    const names: unknown[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await list({ first: 2, after });
      names.push(...(page?.edges.map(({ node }) => node["name"]) ?? []));
      [after, more] = [page?.pageInfo.endCursor ?? null, page?.pageInfo.hasNextPage ?? false];
    }
    expect(names).toEqual(["build 4", "build 3", "build 2", "build 1", "build 0"]);
    expect((await list({ filter: { state: "REVOKED" } }))?.edges).toHaveLength(1);
    expect((await list({ filter: { search: "BUILD 3" } }))?.edges.map(({ node }) => node)).toEqual([
      expect.objectContaining({
        kind: "PROGRAM",
        state: "ACTIVE",
        prefix: made[3]?.key.slice(0, 38),
        createdBy: { name: "bootstrap" },
      }),
    ]);
    expect((await list({ filter: { projectId: tenant.projectId } }))?.totalCount).toBe(0);
    const reader = await create({ projectId: own.projectId, name: "reader", role: "DEVELOPER" });
    expect((await list({}, reader.key))?.totalCount).toBe(6);
    const viewer = await create({ projectId: own.projectId, name: "viewer", role: "VIEWER" });
    const refused = await here.ask(LIST, { slug }, viewer.key);
    expect(refused.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    const hidden = await here.ask(
      `query ($id: ID!) { node(id: $id) { id } }`,
      { id: made[1]?.data.id },
      (await create({ role: "DEVELOPER" })).key,
    );
    expect(hidden.data).toEqual({ node: null });
  });

  it("of the installation hold the admin key, for those who manage all keys", async () => {
    const LIST_ALL = `{ installationApiKeys { edges { node { name kind workspace { id } } } } }`;
    const all = await here.ask<{ installationApiKeys: { edges: { node: object }[] } }>(LIST_ALL);
    expect(all.data?.installationApiKeys.edges).toContainEqual({
      node: { name: "bootstrap", kind: "ADMIN", workspace: null },
    });
    const { key } = await create({ workspaceId: tenant.workspaceId, projectId: null, role: "ADMIN" });
    expect((await here.ask(LIST_ALL, {}, key)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  });
});

describe("a short-lived token", () => {
  it("is taken over HTTP, SSE and WebSocket alike", async () => {
    const token = await issue((await create()).key, { permissions: ["task.read"] });
    for (const [name, send] of transportsOf(() => there, token)) {
      const { data } = await send(bodyOf("{ viewer { actor { kind name } permissions } }"));
      expect(data, name).toEqual({ viewer: { actor: { kind: "API_KEY", name: "ci" }, permissions: ["task.read"] } });
    }
  });

  it("is refused over all of them when it was changed", async () => {
    const [header, , signature] = (await issue((await create()).key)).split(".");
    const claims = { ...decodeJwt(await issue(here.adminKey)), scope: "user.manage" };
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const none = Buffer.from(`{"alg":"none","typ":"at+jwt"}`).toString("base64url");
    for (const text of [`${header}.${payload}.${signature}`, `${none}.${payload}.`]) {
      const codes = await Promise.all(
        transportsOf(() => there, text).map(async ([, send]) => (await send(bodyOf(VIEWER))).code),
      );
      expect(codes).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED", "CLOSED_4403"]);
    }
  });

  it("makes no other token", async () => {
    const token = await issue((await create()).key);
    expect(await issue(token)).toContain("INVALID_INPUT");
  });

  it("can be checked by others with the public keys", async () => {
    const token = await issue((await create()).key, { audience: "deploy" });
    const keys = createRemoteJWKSet(new URL(`${there.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { audience: "deploy", issuer: "muster" });
    expect(payload.scope).toContain("task.create");
    expect(await statusOn(there, token)).toBe(401);
    const response = await fetch(`${there.url}/.well-known/jwks.json`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(await response.text()).not.toContain(`"d"`);
    expect((await fetch(`${there.url}/.well-known/jwks.json`, { method: "POST" })).status).toBe(405);
  });
});
