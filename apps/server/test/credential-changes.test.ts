import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { parseId } from "@muster/domain/ids.ts";
import { appendEvents } from "@muster/events/append.ts";
import { ensureBootstrapKey } from "@muster/identity/bootstrap-key.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { cookieOf, post } from "./browser.ts";
import { createAgent, createTenant, startServerOn, type Tenant, type TestServer } from "./harness.ts";
import { EVENTS, openStream } from "./followed-stream.ts";
import { openRawSocket, type RawSocket } from "./raw-socket.ts";

const NOTE = "noted before";
const SECRET = "not for those who are out";

/** Two servers over one database: what is done on one has to be felt on the other. */
let here: TestServer;
let there: TestServer;
let tenant: Tenant;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  dropDatabase = () => database.drop();
  // So rarely that no check does it instead.
  here = await startServerOn(database.url, {}, { credentialCheckMs: 600_000 });
  there = await startServerOn(database.url, {}, { credentialCheckMs: 600_000 });
  tenant = await createTenant(here);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await dropDatabase();
});

/** A socket and a stream of the key on the other server, both live. */
async function listen(key: string) {
  const socket = await openRawSocket(there, key);
  socket.subscribe("1", EVENTS, { project: tenant.projectId });
  const stream = await openStream(there, tenant, key);
  await expect.poll(() => stream.text.includes('"caughtUp":true'), { timeout: 5_000 }).toBe(true);
  await expect.poll(() => socket.frames("1").some(({ caughtUp }) => caughtUp), { timeout: 5_000 }).toBe(true);
  return { socket, stream };
}

const reasonsIn = (socket: RawSocket) =>
  socket.frames("1").flatMap(({ event }) => (event as { reason?: string } | undefined)?.reason ?? []);

/** SQL: events of type $2, first a note in the project $3, then the change of subject $1, then a secret in the project; in one transaction. */
const change = (update: string) =>
  statement<never>(`
    with given as (select $1::uuid as subject, $2::text as type, $3::uuid as project_id, $4::jsonb as payload),
    ${update}
    happened as (
      select null::uuid as workspace_id, n.project_id, n.type, n.subject as subject_id, n.number as subject_version,
        null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, 'SYSTEM' as actor_kind, null::uuid as actor_id,
        'test' as actor_name, n.reason, null::text as correlation_id, null::uuid as credential_id, null::inet as address,
        n.payload, null::jsonb as labels, clock_timestamp() as at
      from given g cross join lateral (values
        (1, g.project_id, 'project.updated', g.project_id, '${NOTE}', '{}'::jsonb),
        (2, null::uuid, g.type, g.subject, null, g.payload),
        (3, g.project_id, 'project.updated', g.project_id, '${SECRET}', '{}'::jsonb)
      ) n (number, project_id, type, subject, reason, payload)
      order by n.number
    ), appended as (${appendEvents("(select * from happened order by subject_version) ordered")})
    select 1`);

const nothing = "";
const revoke = "revoked as (update api_keys set revoked_at = clock_timestamp() where id = $1),";

async function happen(update: string, subject: string, type: string, payload: object = {}): Promise<void> {
  const database = openDatabase({ url: here.databaseUrl, connections: 1 });
  await database.run(change(update), [subject, type, uuidOf(tenant.projectId), JSON.stringify(payload)]);
  await database.close();
}

function uuidOf(id: string): string {
  return parseId("project", id) ?? "";
}

/** Has the key end in so many milliseconds; gives when. */
async function end(key: string, ms: number): Promise<string> {
  const database = openDatabase({ url: here.databaseUrl, connections: 1 });
  const [row] = await database.run(
    statement<{ at: string }>(
      "update api_keys set expires_at = clock_timestamp() + make_interval(secs => $2) where id = $1 returning to_json(expires_at) #>> '{}' as at",
    ),
    [key, ms / 1_000],
  );
  await database.close();
  return row?.at ?? "";
}

async function newKey(): Promise<{ key: string; id: string }> {
  const database = openDatabase({ url: here.databaseUrl, connections: 1 });
  const key = newAdminKey();
  await ensureBootstrapKey(database, key);
  await database.close();
  return { key, id: parseApiKey(key)?.id ?? "" };
}

describe("on another server, open connections", () => {
  it("are closed with 4403 when their key is revoked, before the next event of the same moment", async () => {
    const { key, id } = await newKey();
    const { socket, stream } = await listen(key);
    const [stays] = [await listen((await newKey()).key)];
    const begun = performance.now();
    await happen(revoke, id, "api_key.revoked");
    expect(await socket.closed).toBe(4403);
    await expect.poll(() => stream.closedAt, { timeout: 3_000 }).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(2_000);
    await expect.poll(() => reasonsIn(stays.socket)).toEqual([NOTE, SECRET]);
    await expect.poll(() => stays.stream.text).toContain(SECRET);
    expect(reasonsIn(socket)).not.toContain(SECRET);
    expect(stream.text).not.toContain(SECRET);
    expect(stays.socket.socket.readyState).toBe(1);
    expect(stays.stream.closedAt).toBe(0);
  });

  it("are closed with 4410 when what they may do has changed, and come back by themselves", async () => {
    const { key, id } = await newKey();
    const { socket, stream } = await listen(key);
    await happen(nothing, id, "membership.changed", { userId: id });
    expect(await socket.closed).toBe(4410);
    await expect.poll(() => stream.closedAt, { timeout: 3_000 }).toBeGreaterThan(0);
    expect(reasonsIn(socket)).not.toContain(SECRET);
    expect(stream.text).not.toContain(SECRET);
    expect((await openRawSocket(there, key)).messages[0]?.type).toBe("connection_ack");
  });

  it("get nothing of it while they replay, either", async () => {
    const { key, id } = await newKey();
    const { data } = await here.ask<{ project: { cursor: string } }>(
      "query ($path: String!) { project(path: $path) { cursor } }",
      { path: tenant.path },
    );
    const sockets = await Promise.all(Array.from({ length: 8 }, () => openRawSocket(there, key)));
    const streams: { text: string }[] = [];
    const replaying = sockets.map(async (socket, at) => {
      // All about the moment at which the key is revoked, some before and some after it.
      await new Promise((resolve) => setTimeout(resolve, at * 4));
      if (socket.socket.readyState === 1)
        socket.subscribe("1", EVENTS, { project: tenant.projectId, after: data?.project.cursor ?? null });
      streams.push(await openStream(there, tenant, key, data?.project.cursor ?? null).catch(() => ({ text: "" })));
    });
    await happen(revoke, id, "api_key.revoked");
    await Promise.all(replaying);
    await Promise.all(sockets.map(({ closed }) => closed));
    for (const socket of sockets) expect(reasonsIn(socket)).not.toContain(SECRET);
    for (const { text } of streams) expect(text).not.toContain(SECRET);
  });

  it("are closed when their key expires, also when it was rotated while they were open", async () => {
    const [short, rotated] = [await newKey(), await newKey()];
    await end(short.id, 2_500);
    const [one, two] = [await listen(short.key), await listen(rotated.key)];
    const begun = performance.now();
    const expiresAt = await end(rotated.id, 1_000);
    await happen(nothing, rotated.id, "api_key.rotated", { expiresAt });
    await sleep(300);
    expect(two.socket.socket.readyState).toBe(1);
    expect(await Promise.all([one.socket.closed, two.socket.closed])).toEqual([4403, 4403]);
    await expect.poll(() => Math.min(one.stream.closedAt, two.stream.closedAt), { timeout: 3_000 }).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(4_500);
  });

  it("are closed when their agent is decommissioned", async () => {
    const agent = await createAgent(here, tenant, "leaver");
    const { socket } = await listen(agent.key);
    await here.ask(`mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename } }`, {
      input: { agentId: agent.id, action: "DECOMMISSION", reason: "not needed" },
    });
    expect(await socket.closed).toBe(4403);
    expect((await openRawSocket(there, agent.key)).messages).toEqual([]);
  });
});

describe("a mutation that ends its own credential", () => {
  it("is answered, over a socket on which nothing else comes any more, and then that closes", async () => {
    const { data: made } = await here.ask<{ createApiKey: { key: string; data: { id: string } } }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeySuccess { key data { id } } } }`,
      { input: { workspaceId: tenant.workspaceId, name: "itself", role: "ADMIN" } },
    );
    const key = made?.createApiKey.key ?? "";
    const { socket, stream } = await listen(key);
    // The first has happened when the second still waits, for an end that does not come.
    socket.subscribe(
      "2",
      `mutation ($revoke: RevokeApiKeyInput!, $run: RunTaskInput!) {
        revokeApiKey(input: $revoke) { __typename }
        runTask(input: $run) { __typename } }`,
      {
        revoke: { apiKeyId: made?.createApiKey.data.id, reason: "done with it" },
        run: { task: { projectId: tenant.projectId, kind: "work", input: {} }, waitMs: 600 },
      },
    );
    expect(await socket.closed).toBe(4403);
    const answer = socket.messages.find(({ id, type }) => id === "2" && type === "next");
    expect(answer?.payload).toEqual({
      data: { revokeApiKey: { __typename: "RevokeApiKeySuccess" }, runTask: { __typename: "RunTaskSuccess" } },
    });
    expect(socket.frames("1").filter(({ __typename }) => __typename === "EventDelivery")).toEqual([]);
    expect(stream.text).not.toContain("EventDelivery");
    expect((await openRawSocket(here, key)).messages).toEqual([]);
  });

  it("is answered over HTTP", async () => {
    const { data: made } = await here.ask<{ createApiKey: { key: string; data: { id: string } } }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeySuccess { key data { id } } } }`,
      { input: { workspaceId: tenant.workspaceId, name: "itself", role: "ADMIN" } },
    );
    const answer = await here.ask(
      `mutation ($revoke: RevokeApiKeyInput!, $run: RunTaskInput!) {
        revokeApiKey(input: $revoke) { __typename }
        runTask(input: $run) { __typename } }`,
      {
        revoke: { apiKeyId: made?.createApiKey.data.id, reason: "done with it" },
        run: { task: { projectId: tenant.projectId, kind: "work", input: {} }, waitMs: 600 },
      },
      made?.createApiKey.key,
    );
    expect(answer.status).toBe(200);
    expect(answer.data).toMatchObject({ revokeApiKey: { __typename: "RevokeApiKeySuccess" } });
    expect((await here.ask("{ viewer { permissions } }", {}, made?.createApiKey.key)).status).toBe(401);
  });
});

describe("a role that changes", () => {
  it("is felt at once on the other server, by whoever is connected there, and read anew", async () => {
    const asAdmin = async <Data>(query: string, input: object) => (await here.ask<Data>(query, { input })).data;
    const invited = await asAdmin<{ inviteUser: { data: { id: string }; link: string } }>(
      `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ... on InviteUserSuccess { link data { id } } } }`,
      { email: "watcher@muster.example", name: "Watcher", workspaceId: tenant.workspaceId, role: "VIEWER" },
    );
    const link = new URL(invited?.inviteUser.link ?? "", here.url).hash.replace("#link=", "");
    const signedIn = await post(
      `${there.url}/auth/password`,
      { link, newPassword: "a long enough phrase of mine" },
      { origin: there.url },
    );
    expect(signedIn.status).toBe(204);
    const headers = { cookie: cookieOf(signedIn).pair, origin: there.url };
    const permissions = async () => {
      const answer = await post(`${there.url}/graphql`, { query: "{ viewer { permissions } }" }, headers);
      return ((await answer.json()) as { data: { viewer: { permissions: string[] } } }).data.viewer.permissions;
    };
    const connect = async () => {
      const socket = new WebSocket(`${there.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
      onTestFinished(() => socket.terminate());
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "connection_init", payload: {} }));
      await once(socket, "message");
      return { code: once(socket, "close").then(([code]) => code as number) };
    };
    expect(await permissions()).not.toContain("task.create");
    const closed = await connect();
    await asAdmin(
      `mutation ($input: ChangeRoleInput!) { changeRole(input: $input) { __typename ... on Error { message } } }`,
      {
        membershipId: invited?.inviteUser.data.id,
        role: "OPERATOR",
      },
    );
    expect(await closed.code).toBe(4410);
    expect(await permissions()).toContain("task.create");
    const again = await connect();
    const { user } = (
      await here.ask<{ user: { node: { user: { id: string } } } }>(
        `query ($id: ID!) { user: node(id: $id) { ... on Membership { user { id } } } }`,
        { id: invited?.inviteUser.data.id },
      )
    ).data as never as { user: { user: { id: string } } };
    await asAdmin(
      `mutation ($input: DisableUserInput!) { disableUser(input: $input) { __typename ... on Error { message } } }`,
      {
        userId: user.user.id,
        reason: "left",
      },
    );
    expect(await again.code).toBe(4403);
    expect((await post(`${there.url}/graphql`, { query: "{ viewer { permissions } }" }, headers)).status).toBe(401);
  });
});
