import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { cookieOf, post, refusalOf } from "./browser.ts";
import { createTenant, startServerOn, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { Secret, TOTP } from "otpauth";

const PASSWORD = "correct horse battery";

let server: TestServer;
let tenant: Tenant;
/** The first admin's browser. */
let admin: Browser;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS: "10000" });
  tenant = await createTenant(server);
  const link = new URL(server.signInUrl ?? "").hash.slice("#link=".length);
  admin = new Browser();
  await admin.post("/auth/sign-in", { link });
});
afterAll(() => server.stop());

/** A browser on our own pages: it keeps its cookie. */
class Browser {
  cookie = "";
  readonly #url: string;
  constructor(url = server.url) {
    this.#url = url;
  }

  async post(path: string, body: unknown): Promise<Response> {
    const response = await post(`${this.#url}${path}`, body, { origin: this.#url, cookie: this.cookie });
    if (response.headers.has("set-cookie")) this.cookie = cookieOf(response).pair;
    return response;
  }

  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const body = (await (await this.post("/graphql", { query, variables })).json()) as {
      data?: Data;
      errors?: unknown;
    };
    if (body.errors || !body.data) throw new Error(JSON.stringify(body));
    return body.data;
  }

  /** Runs a mutation, and gives its success or error. */
  async change<Data = { data: { id: string } }>(name: string, input: object, select = "data { id }") {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const answer = await this.ask<Record<string, unknown>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) {
        __typename ... on ${type}Success { ${select} } ... on Error { code message } ... on InvalidInput { issues { path } } } }`,
      { input },
    );
    return answer[name] as Data & { __typename: string; code?: string; message?: string };
  }
}

/** Invites somebody to the tenant and has them choose a password. */
async function invited(
  role = "VIEWER",
): Promise<{ browser: Browser; email: string; userId: string; membershipId: string }> {
  const email = `p${Math.random().toString(36).slice(2)}@example.org`;
  const { data, link } = await admin.change<{ data: { id: string; user: { id: string } }; link: string }>(
    "inviteUser",
    { email, name: "Grace", workspaceId: tenant.workspaceId, role },
    "data { id user { id } } link",
  );
  expect(link).toMatch(/^\/set-password#link=[\w-]{43}$/);
  const browser = new Browser();
  const response = await browser.post("/auth/password", { link: link.split("=")[1], newPassword: PASSWORD });
  expect(response.status).toBe(204);
  return { browser, email, userId: data.user.id, membershipId: data.id };
}

const VIEWER =
  "{ viewer { actor { kind id name } permissions user { id email name hasPassword totpEnabled } session { id current address userAgent } } }";

describe("a new installation", () => {
  it("is entered by the printed link as the first admin, who invites a viewer: they see and cannot touch", async () => {
    const me = await admin.ask<{ viewer: { actor: { id: string } } }>(VIEWER);
    expect(me.viewer).toMatchObject({
      actor: { kind: "USER", name: "admin" },
      user: { email: null, hasPassword: false },
      session: { current: true, address: "127.0.0.1" },
    });
    const { browser, email, userId } = await invited();
    expect(await browser.ask(VIEWER)).toMatchObject({
      viewer: { actor: { kind: "USER", id: userId, name: "Grace" }, user: { email, hasPassword: true } },
    });
    expect(await browser.ask(`{ project(path: "${tenant.path}") { id } }`)).toEqual({
      project: { id: tenant.projectId },
    });
    const refused = await browser.change(
      "createTask",
      { projectId: tenant.projectId, kind: "work", input: {} },
      "data { id }",
    );
    expect(refused.code).toBe("FORBIDDEN");
    expect((await browser.change("inviteUser", { email, role: "VIEWER" }, "link")).code).toBe("FORBIDDEN");
  });

  it("lists people and roles for those who manage them, and tells the matrix to everybody", async () => {
    const { browser, email, userId, membershipId } = await invited("OPERATOR");
    const lists = await admin.ask<Record<string, never>>(
      `query ($search: String!) {
        users(filter: { search: $search }) { totalCount edges { node { id memberships { edges { node { id role workspace { id } project { id } } } } } } }
        workspace(slug: "${tenant.path.split("/")[0]}") { members(first: 5, filter: { search: $search }) { edges { node { user { id name } role } } } }
        installationMembers { edges { node { role user { name } } } }
        node(id: "${membershipId}") { ... on Membership { version } }
      }`,
      { search: email.toUpperCase() },
    );
    const role = { id: membershipId, role: "OPERATOR", workspace: { id: tenant.workspaceId }, project: null };
    expect(lists).toMatchObject({
      users: { totalCount: 1, edges: [{ node: { id: userId, memberships: { edges: [{ node: role }] } } }] },
      workspace: { members: { edges: [{ node: { user: { id: userId, name: "Grace" }, role: "OPERATOR" } }] } },
      installationMembers: { edges: [{ node: { role: "ADMIN", user: { name: "admin" } } }] },
      node: { version: 1 },
    });
    const { roles } = await browser.ask<{
      roles: { role: string; permissions: { name: string; description: string }[] }[];
    }>("{ roles { role description permissions { name description } } }");
    expect(roles.map((one) => one.role)).toEqual(["VIEWER", "OPERATOR", "DEVELOPER", "ADMIN"]);
    expect(roles[0]?.permissions).toContainEqual({ name: "task.read", description: "See tasks" });
    for (const query of ["{ users { totalCount } }", "{ installationMembers { totalCount } }"])
      await expect(browser.ask(query)).rejects.toThrow("FORBIDDEN");
  });
});

describe("what is not one's own", () => {
  it("answers as missing", async () => {
    const [ada, bob] = [await invited(), await invited()];
    const { viewer } = await ada.browser.ask<{ viewer: { session: { id: string } } }>(VIEWER);
    const nodes = (browser: Browser) =>
      browser.ask(`{ nodes(ids: ["${ada.userId}", "${ada.membershipId}", "${viewer.session.id}"]) { __typename } }`);
    expect(await nodes(ada.browser)).toEqual({
      nodes: [{ __typename: "User" }, { __typename: "Membership" }, { __typename: "Session" }],
    });
    expect(await nodes(bob.browser)).toEqual({ nodes: [null, null, null] });
    expect((await bob.browser.change("endSession", { sessionId: viewer.session.id })).code).toBe("NOT_FOUND");
    expect((await bob.browser.change("disableUser", { userId: ada.userId, reason: "x" })).code).toBe("FORBIDDEN");
  });
});

describe("signing in by password", () => {
  it("asks for the authenticator's code, once each", async () => {
    const { browser, email } = await invited();
    const { secret } = await browser.change<{ secret: string }>("startTotp", { password: PASSWORD }, "secret uri");
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = totp.generate();
    const { recoveryCodes } = await browser.change<{ recoveryCodes: string[] }>(
      "confirmTotp",
      { code },
      "recoveryCodes",
    );
    expect(recoveryCodes).toHaveLength(10);
    const fresh = new Browser();
    const signIn = async (more: object = {}) => {
      const response = await fresh.post("/auth/sign-in", { email, password: PASSWORD, ...more });
      return response.status === 204 ? "in" : (await refusalOf(response)).code;
    };
    expect(await signIn()).toBe("TOTP_REQUIRED");
    expect(await signIn({ code })).toBe("CODE_REFUSED");
    expect(await signIn({ code: recoveryCodes[0] })).toBe("in");
    expect(await fresh.ask(VIEWER)).toMatchObject({ viewer: { user: { totpEnabled: true } } });
  });

  it("gives a new cookie, whatever the browser came with, and ends the session that it had", async () => {
    const { browser, email } = await invited();
    const before = browser.cookie;
    const planted = new Browser();
    planted.cookie = `${before.split("=")[0]}=${"A".repeat(43)}`;
    for (const each of [browser, planted]) {
      const old = each.cookie;
      expect((await each.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(204);
      expect(each.cookie).not.toBe(old);
      const stale = await post(`${server.url}/graphql`, { query: VIEWER }, { origin: server.url, cookie: old });
      expect(stale.status).toBe(401);
    }
  });

  it("is not to be had by a form of another site, nor by a form at all", async () => {
    const { email } = await invited();
    const form = new URLSearchParams({ email, password: PASSWORD });
    const send = (headers: Record<string, string>, body: string) =>
      fetch(`${server.url}/auth/sign-in`, { method: "POST", headers, body });
    const type = "application/x-www-form-urlencoded";
    expect((await send({ "content-type": type, origin: "https://evil.invalid" }, form.toString())).status).toBe(403);
    expect((await send({ "content-type": type }, form.toString())).status).toBe(415);
    // A form can send JSON as text.
    const json = JSON.stringify({ email, password: PASSWORD });
    expect((await send({ "content-type": "text/plain", origin: "https://evil.invalid" }, json)).status).toBe(403);
    expect((await send({ "content-type": "text/plain" }, json)).status).toBe(415);
    const cross = await send({ "content-type": "application/json", "sec-fetch-site": "cross-site" }, json);
    expect([cross.status, cross.headers.get("set-cookie")]).toEqual([403, null]);
  });

  it.each([
    { email: "a@example.org" },
    { email: "", password: "x" },
    { email: ["a"], password: "x" },
    { email: "a@example.org", password: "x".repeat(801) },
    { email: "a@example.org", password: "x", code: 5 },
    { email: "a@example.org", password: "x", key: "y" },
  ])("takes nothing else: %j", async (body) => {
    expect((await new Browser().post("/auth/sign-in", body)).status).toBe(400);
  });

  it("is refused for texts that no database keeps, as for any other", async () => {
    for (const email of ["a\0@example.org", "a\ud800@example.org"]) {
      const response = await new Browser().post("/auth/sign-in", { email, password: "\0\ud800" });
      expect(await refusalOf(response)).toMatchObject({ code: "CREDENTIALS_REFUSED" });
    }
  });
});

describe("an invitation's link", () => {
  it("tells what is wrong with a password, and works afterwards", async () => {
    const { link } = await admin.change<{ link: string }>(
      "inviteUser",
      { email: "weak@example.org", workspaceId: tenant.workspaceId, role: "VIEWER" },
      "link",
    );
    const token = link.split("=")[1];
    const weak = await new Browser().post("/auth/password", { link: token, newPassword: "password1234" });
    expect(weak.status).toBe(400);
    expect(await weak.json()).toMatchObject({
      errors: [{ extensions: { code: "INVALID_INPUT", issues: [{ path: ["newPassword"] }] } }],
    });
    expect((await new Browser().post("/auth/sign-in", { link: token })).status).toBe(401);
    expect((await new Browser().post("/auth/password", { link: token, newPassword: PASSWORD })).status).toBe(204);
    const used = await new Browser().post("/auth/password", { link: token, newPassword: PASSWORD });
    expect(await refusalOf(used)).toMatchObject({ code: "LINK_USED" });
  });
});

it("somebody who is kept out is out at once, also on another server", async () => {
  const { browser, email, userId } = await invited();
  const other = await startServerOn(server.databaseUrl, { MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS: "10000" });
  onTestFinished(() => other.stop());
  const elsewhere = new Browser(other.url);
  expect((await elsewhere.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(204);
  await elsewhere.ask(VIEWER);
  expect((await admin.change("disableUser", { userId, reason: "left" })).__typename).toBe("DisableUserSuccess");
  expect((await browser.post("/graphql", { query: VIEWER })).status).toBe(401);
  await expect
    .poll(async () => (await elsewhere.post("/graphql", { query: VIEWER })).status, { timeout: 2_000 })
    .toBe(401);
  expect((await browser.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(401);
  await admin.change("enableUser", { userId, reason: "back" });
  expect((await browser.post("/auth/sign-in", { email, password: PASSWORD })).status).toBe(204);
}, 20_000);
