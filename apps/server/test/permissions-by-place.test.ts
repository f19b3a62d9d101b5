import { once } from "node:events";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { cookieOf, post } from "./browser.ts";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

const PASSWORD = "correct horse battery";

let server: TestServer;
let tenant: Tenant;
/** Another project of the same workspace. */
let other: { readonly id: string; readonly path: string };
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
  other = await change("createProject", { workspaceId: tenant.workspaceId, slug: "other", name: "Other" }, "id path");
});
afterAll(() => server.stop());

async function change<Data = { readonly id: string }>(name: string, input: object, select = "id"): Promise<Data> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const { data } = await server.ask<Record<string, { data: Data; message?: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      ... on ${type}Success { data { ${select} } } ... on Error { message } } }`,
    { input },
  );
  if (!data?.[name]?.data) throw new Error(JSON.stringify(data));
  return data[name].data;
}

/** Somebody who is a viewer of the first project, signed in; gives their session's cookie and their id. */
async function viewer(): Promise<{ cookie: string; userId: string }> {
  const email = `p${Math.random().toString(36).slice(2)}@example.org`;
  const { data } = await server.ask<{ inviteUser: { link: string; data: { user: { id: string } } } }>(
    `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ... on InviteUserSuccess { link data { user { id } } } } }`,
    { input: { email, workspaceId: tenant.workspaceId, projectId: tenant.projectId, role: "VIEWER" } },
  );
  const link = data?.inviteUser.link.split("=")[1];
  await post(`${server.url}/auth/password`, { link, newPassword: PASSWORD });
  const response = await post(`${server.url}/auth/sign-in`, { email, password: PASSWORD }, { origin: server.url });
  return { cookie: cookieOf(response).pair, userId: data?.inviteUser.data.user.id ?? "" };
}

interface Rights {
  readonly viewer: { readonly permissions: string[]; readonly installationPermissions: string[]; rights: string };
  readonly here: { readonly permissions: string[]; readonly workspace: { readonly permissions: string[] } };
  readonly there: { readonly permissions: string[] } | null;
}

async function rightsOf(cookie: string): Promise<Rights> {
  const query = `{ viewer { permissions installationPermissions rights }
    here: project(path: "${tenant.path}") { permissions workspace { permissions } }
    there: project(path: "${other.path}") { permissions } }`;
  const response = await post(`${server.url}/graphql`, { query }, { origin: server.url, cookie });
  return ((await response.json()) as { data: Rights }).data;
}

/** The rights once a change of roles has come through: a server remembers them until it hears of it. */
async function rightsAfter(cookie: string, grant: () => Promise<unknown>): Promise<Rights> {
  const before = await rightsOf(cookie);
  await grant();
  await expect.poll(async () => (await rightsOf(cookie)).viewer.rights).not.toBe(before.viewer.rights);
  return rightsOf(cookie);
}

/** What the payload of `connection_ack` says to somebody. */
async function greeting(cookie: string): Promise<unknown> {
  const headers = { origin: server.url, cookie };
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  const [text] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return (JSON.parse(text.toString()) as { payload: unknown }).payload;
}

const sorted = (permissions: readonly string[]) => permissions.toSorted();

describe("what somebody may do", () => {
  it("is told for each place, when they are a viewer of one project and an admin of another", async () => {
    const { cookie, userId } = await viewer();
    expect((await rightsOf(cookie)).there).toBeNull();
    const rights = await rightsAfter(cookie, () =>
      change("grantRole", { userId, workspaceId: tenant.workspaceId, projectId: other.id, role: "ADMIN" }),
    );
    expect(sorted(rights.here.permissions)).toEqual(sorted(ROLE_PERMISSIONS.VIEWER));
    expect(sorted(rights.there?.permissions ?? [])).toEqual(sorted(PERMISSIONS));
    expect(rights.here.workspace.permissions).toEqual([]);
    expect(rights.viewer.installationPermissions).toEqual([]);
    expect(sorted(rights.viewer.permissions)).toEqual(sorted(PERMISSIONS));
  });

  it("is in a project what the roles in its workspace and in itself give together", async () => {
    const { cookie, userId } = await viewer();
    const { here, there } = await rightsAfter(cookie, () =>
      change("grantRole", { userId, workspaceId: tenant.workspaceId, role: "OPERATOR" }),
    );
    for (const place of [here, here.workspace, there]) {
      expect(sorted(place?.permissions ?? [])).toEqual(sorted(ROLE_PERMISSIONS.OPERATOR));
    }
  });

  it("is everything for an admin of the installation, and a key's own for a program", async () => {
    const { data } = await server.ask<Rights>(
      `{ viewer { installationPermissions } here: project(path: "${tenant.path}") { permissions workspace { permissions } } }`,
    );
    expect(data?.viewer.installationPermissions).toEqual(PERMISSIONS);
    expect(data?.here).toEqual({ permissions: PERMISSIONS, workspace: { permissions: PERMISSIONS } });
    const key = await server.ask<{ createApiKey: { key: string } }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeySuccess { key } } }`,
      { input: { name: "p", role: "OPERATOR", workspaceId: tenant.workspaceId, projectId: tenant.projectId } },
    );
    const asked = await server.ask<Rights>(
      `{ viewer { installationPermissions } here: project(path: "${tenant.path}") { permissions workspace { permissions } } }`,
      {},
      key.data?.createApiKey.key,
    );
    expect(sorted(asked.data?.here.permissions ?? [])).toEqual(sorted(ROLE_PERMISSIONS.OPERATOR));
    expect(asked.data?.here.workspace.permissions).toEqual([]);
    expect(asked.data?.viewer.installationPermissions).toEqual([]);
  });

  it("has a mark that a socket says, too, and that is another one after a change", async () => {
    const { cookie, userId } = await viewer();
    const before = await rightsOf(cookie);
    expect(await greeting(cookie)).toEqual({ rights: before.viewer.rights });
    expect((await rightsOf((await viewer()).cookie)).viewer.rights).toBe(before.viewer.rights);
    const after = await rightsAfter(cookie, () =>
      change("grantRole", { userId, workspaceId: tenant.workspaceId, projectId: other.id, role: "VIEWER" }),
    );
    expect(await greeting(cookie)).toEqual({ rights: after.viewer.rights });
  });
});
