import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cookieOf, post } from "./browser.ts";
import { createTenant, startServerOn, type Tenant, type TestServer } from "./harness.ts";
import { openRawSocket, type RawSocket } from "./raw-socket.ts";

const PASSWORD = "correct horse battery";
const FRAME = `__typename ... on EventDelivery { cursor event { type reason subjectId } } ... on Bookmark { cursor caughtUp } ... on ResyncRequired { reason }`;
const WORKSPACE = `subscription ($workspace: ID!, $after: String, $filter: AuditFilter) {
  workspaceEvents(workspace: $workspace, after: $after, filter: $filter) { ${FRAME} } }`;
const INSTALLATION = `subscription ($everywhere: Boolean, $after: String) { installationEvents(everywhere: $everywhere, after: $after) { ${FRAME} } }`;
const ACCOUNT = `subscription ($after: String) { accountEvents(after: $after) { ${FRAME} } }`;

/** What is done on one has to be heard on the other. */
let here: TestServer;
let there: TestServer;
let tenant: Tenant;
let other: Tenant;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  dropDatabase = () => database.drop();
  here = await startServerOn(
    database.url,
    { MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS: "10000" },
    { credentialCheckMs: 600_000 },
  );
  there = await startServerOn(database.url, {}, { credentialCheckMs: 600_000 });
  [tenant, other] = [await createTenant(here), await createTenant(here)];
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await dropDatabase();
});

async function change<Data>(name: string, input: object, select = "data { id }", key?: string): Promise<Data> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const answer = await here.ask<Record<string, Data & { message?: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on ${type}Success { ${select} } ... on Error { message } } }`,
    { input },
    key,
  );
  const result = answer.data?.[name];
  if (!result || result.message !== undefined) throw new Error(JSON.stringify(answer));
  return result;
}

const newKey = (role: string, place: object = { workspaceId: tenant.workspaceId }, name = "a key") =>
  change<{ key: string; data: { id: string } }>("createApiKey", { name, role, ...place }, "key data { id }");

/** Somebody with a role in the tenant's workspace, and a token that stands for them. */
async function person(role: string) {
  const email = `p${Math.random().toString(36).slice(2)}@example.org`;
  const { link, data } = await change<{ link: string; data: { id: string; user: { id: string } } }>(
    "inviteUser",
    { email, workspaceId: tenant.workspaceId, role },
    "link data { id user { id } }",
  );
  const response = await post(
    `${here.url}/auth/password`,
    { link: link.split("=")[1], newPassword: PASSWORD },
    { origin: here.url },
  );
  const cookie = cookieOf(response).pair;
  const asked = { query: `mutation { issueToken(input: {}) { ... on IssueTokenSuccess { token } } }` };
  const { data: made } = (await (await post(`${here.url}/graphql`, asked, { origin: here.url, cookie })).json()) as {
    data: { issueToken: { token: string } };
  };
  return { userId: data.user.id, membershipId: data.id, cookie, token: made.issueToken.token };
}

async function rename(cookie: string, name: string): Promise<void> {
  const query = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }`;
  await post(`${here.url}/graphql`, { query, variables: { input: { name } } }, { origin: here.url, cookie });
}

/** A socket on the other server that follows, and is live. */
async function follow(key: string, query: string, variables: object = {}): Promise<RawSocket> {
  const socket = await openRawSocket(there, key);
  socket.subscribe("1", query, variables);
  await expect.poll(() => socket.frames("1").some(({ caughtUp }) => caughtUp), { timeout: 10_000 }).toBe(true);
  return socket;
}

const typesIn = (socket: RawSocket) =>
  socket.frames("1").flatMap(({ event }) => (event as { type?: string } | undefined)?.type ?? []);

async function refusal(key: string, query: string, variables: object = {}): Promise<string | undefined> {
  const socket = await openRawSocket(there, key);
  socket.subscribe("1", query, variables);
  await expect.poll(() => socket.messages.length, { timeout: 10_000 }).toBeGreaterThan(1);
  const { type, payload } = socket.messages[1] as { type: string; payload: { extensions: { code: string } }[] };
  return type === "error" ? payload[0]?.extensions.code : undefined;
}

describe("over WebSocket, on another server", () => {
  it("brings what happens in a workspace and its projects, and nothing of another", async () => {
    const { key } = await newKey("ADMIN");
    const socket = await follow(key, WORKSPACE, { workspace: tenant.workspaceId });
    const everywhere = await follow(there.adminKey, INSTALLATION, { everywhere: true });
    await newKey("VIEWER", { workspaceId: other.workspaceId });
    await newKey("VIEWER", { workspaceId: tenant.workspaceId, projectId: tenant.projectId });
    await change("updateProject", { projectId: tenant.projectId, name: "Renamed", expectedVersion: 1 });
    await expect.poll(() => typesIn(socket), { timeout: 10_000 }).toEqual(["api_key.created", "project.updated"]);
    const all = ["api_key.created", "api_key.created", "project.updated"];
    await expect.poll(() => typesIn(everywhere), { timeout: 10_000 }).toEqual(all);
  });

  it("goes on after the cursor of a query without a gap, and after each frame", async () => {
    const { data } = await here.ask<{ workspace: { cursor: string }; viewer: { cursor: string } }>(
      `query ($id: ID!) { workspace: node(id: $id) { ... on Workspace { cursor } } viewer { cursor } }`,
      { id: tenant.workspaceId },
    );
    await newKey("VIEWER", undefined, "in between");
    const after = data?.workspace.cursor;
    expect(data?.viewer.cursor).toBe(after);
    const { key } = await newKey("ADMIN");
    const socket = await follow(key, WORKSPACE, { workspace: tenant.workspaceId, after });
    expect(typesIn(socket)).toEqual(["api_key.created", "api_key.created"]);
    const last = socket.frames("1").findLast(({ cursor }) => cursor)?.cursor ?? "";
    await newKey("VIEWER", undefined, "after");
    const again = await follow(key, WORKSPACE, { workspace: tenant.workspaceId, after: last });
    await expect.poll(() => typesIn(again), { timeout: 10_000 }).toEqual(["api_key.created"]);
  });

  it("is refused to those who may not, and a foreign workspace answers as a missing one", async () => {
    const viewer = (await newKey("VIEWER")).key;
    const developer = (await newKey("DEVELOPER")).key;
    const admin = (await newKey("ADMIN")).key;
    const missing = "wks_01h00000000000000000000000";
    expect(await refusal(viewer, WORKSPACE, { workspace: tenant.workspaceId })).toBe("FORBIDDEN");
    expect(await refusal(developer, WORKSPACE, { workspace: tenant.workspaceId })).toBeUndefined();
    expect(await refusal(admin, WORKSPACE, { workspace: other.workspaceId })).toBe("NOT_FOUND");
    expect(await refusal(admin, WORKSPACE, { workspace: missing })).toBe("NOT_FOUND");
    expect(await refusal(admin, INSTALLATION)).toBe("FORBIDDEN");
    expect(await refusal(admin, ACCOUNT)).toBe("INVALID_INPUT");
  });

  it("ends with the key, and with the role, before the next event", async () => {
    const made = await newKey("ADMIN");
    const admin = await person("ADMIN");
    const byKey = await follow(made.key, WORKSPACE, { workspace: tenant.workspaceId });
    const byRole = await follow(admin.token, WORKSPACE, { workspace: tenant.workspaceId });
    await change("revokeApiKey", { apiKeyId: made.data.id, reason: "enough" });
    await change("changeRole", { membershipId: admin.membershipId, role: "VIEWER" });
    await newKey("VIEWER", undefined, "a secret");
    expect(await byKey.closed).toBe(4403);
    expect(await byRole.closed).toBe(4410);
    await sleep(200);
    expect(typesIn(byKey)).not.toContain("api_key.created");
    expect(typesIn(byRole)).not.toContain("api_key.created");
    expect(await refusal(admin.token, WORKSPACE, { workspace: tenant.workspaceId })).toBe("FORBIDDEN");
  });

  it("gives everybody their own account alone, though all ask with the same words", async () => {
    const [ada, grace] = [await person("VIEWER"), await person("VIEWER")];
    const [one, two] = [await follow(ada.token, ACCOUNT), await follow(grace.token, ACCOUNT)];
    await rename(grace.cookie, "Grace H.");
    await expect.poll(() => typesIn(two), { timeout: 10_000 }).toEqual(["user.updated"]);
    await rename(ada.cookie, "Ada L.");
    await expect.poll(() => typesIn(one).length, { timeout: 10_000 }).toBeGreaterThan(0);
    await sleep(300);
    const subjects = (socket: RawSocket) =>
      socket.frames("1").flatMap(({ event }) => (event as { subjectId?: string })?.subjectId ?? []);
    expect(subjects(one)).toEqual([ada.userId]);
    expect(subjects(two)).toEqual([grace.userId]);
  });
});
