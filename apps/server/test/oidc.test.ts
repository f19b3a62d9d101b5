import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { post } from "./browser.ts";
import { createTenant, startServerOn, type Tenant, type TestServer } from "./harness.ts";
import { CookieBrowser, startTestProvider, type TestProvider } from "./oidc-provider.ts";

let provider: TestProvider;
/** Takes people who were invited only. */
let server: TestServer;
/** Takes everybody, as a viewer. */
let open: TestServer;
let tenant: Tenant;
let database: Database;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  provider = await startTestProvider(() => [server, open].map(({ url }) => `${url}/auth/oidc/acme-id/callback`));
  const place = await createTestDatabase();
  dropDatabase = () => place.drop();
  database = openDatabase({ url: place.url });
  const environment = {
    MUSTER_OIDC_ISSUER: provider.issuer,
    MUSTER_OIDC_CLIENT_ID: provider.clientId,
    MUSTER_OIDC_CLIENT_SECRET: provider.clientSecret,
    MUSTER_OIDC_NAME: "Acme ID",
  };
  server = await startServerOn(place.url, environment);
  open = await startServerOn(place.url, { ...environment, MUSTER_OIDC_DEFAULT_ROLE: "VIEWER" });
  tenant = await createTenant(server);
});
afterAll(async () => {
  await Promise.all([server.stop(), open.stop(), database.close(), provider.close()]);
  await dropDatabase();
});

let number = 0;
let email = "";
beforeEach(() => {
  email = `person${(number += 1)}@example.com`;
  provider.person = { sub: `sub-${number}`, email, verified: true };
});

const INVITE = `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ... on InviteUserSuccess { data { user { id } } } ... on Error { message } } }`;

async function invite(address = email): Promise<string> {
  const input = { email: address, workspaceId: tenant.workspaceId, role: "OPERATOR" };
  const answer = await server.ask<{ inviteUser: { data: { user: { id: string } } } }>(INVITE, { input });
  return answer.data?.inviteUser.data.user.id ?? JSON.stringify(answer);
}

const startOf = (at: TestServer, returnTo = "/acme/tasks") =>
  `${at.url}/auth/oidc/acme-id/start?returnTo=${encodeURIComponent(returnTo)}`;
const isPage = ({ pathname }: URL) =>
  !pathname.startsWith("/auth/oidc/") && !pathname.startsWith("/interaction") && !pathname.startsWith("/auth");
/** Stops at the first page of the console. */
const atPage = (at: TestServer) => (url: URL) => url.origin === at.url && isPage(url);
const atCallback = (url: URL) => url.pathname.endsWith("/callback");

async function signIn(at: TestServer, browser = new CookieBrowser(), returnTo?: string) {
  const { url } = await browser.go(startOf(at, returnTo), atPage(at));
  return { browser, page: `${url.pathname}${url.search}` };
}

async function viewer(at: TestServer, browser: CookieBrowser): Promise<unknown> {
  const headers = { cookie: browser.cookieFor(new URL(at.url)), origin: at.url };
  const response = await post(
    `${at.url}/graphql`,
    { query: "{ viewer { actor { kind } user { id email } } }" },
    headers,
  );
  return ((await response.json()) as { data?: { viewer: unknown } }).data?.viewer ?? null;
}

const eventsOf = async (type: string) =>
  database.run(
    statement<{ payload: Record<string, unknown> }>(`select payload from events where type = $1 order by id`),
    [type],
  );

describe("signing in at a provider", () => {
  it("is offered on the sign-in page", async () => {
    const response = await fetch(`${server.url}/auth/providers`);
    expect(await response.json()).toEqual({ providers: [{ name: "acme-id", title: "Acme ID" }] });
  });

  it("lets in who was invited, by the address once and then by who they are there", async () => {
    const id = await invite();
    const first = await signIn(server);
    expect(first.page).toBe("/acme/tasks");
    expect(await viewer(server, first.browser)).toEqual({ actor: { kind: "USER" }, user: { id, email } });
    expect((await eventsOf("user.signed_in")).at(-1)?.payload).toMatchObject({ by: "OIDC" });
    // They have another address there now.
    provider.person = { sub: `sub-${number}`, email: "renamed@example.com", verified: false };
    const second = await signIn(server);
    expect(await viewer(server, second.browser)).toMatchObject({ user: { id } });
  });

  it("ends the session that the browser had", async () => {
    await invite();
    const { browser } = await signIn(server);
    const before = browser.copy();
    await signIn(server, browser);
    expect(await viewer(server, before)).toBeNull();
    expect(await viewer(server, browser)).not.toBeNull();
  });

  it("leads to pages of Muster only", async () => {
    await invite();
    for (const elsewhere of ["//evil.example/", "https://evil.example/", "/\\evil.example", ""]) {
      expect((await signIn(server, new CookieBrowser(), elsewhere)).page).toBe("/");
    }
  });

  it("keeps what it needs in a cookie of this flow that no script reads", async () => {
    const response = await fetch(startOf(server), { redirect: "manual" });
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^muster_oidc_\d+=v1\./);
    for (const part of ["HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/auth/oidc/acme-id"])
      expect(cookie).toContain(part);
    const to = new URL(response.headers.get("location") ?? "");
    expect(Object.fromEntries(to.searchParams)).toMatchObject({ response_type: "code", code_challenge_method: "S256" });
    expect(cookie).not.toContain(to.searchParams.get("state"));
  });

  it("makes a person of everybody only where that is set", async () => {
    const refused = await signIn(server);
    expect(refused.page).toBe("/sign-in?error=OIDC_NOT_INVITED");
    expect((await eventsOf("user.sign_in_refused")).at(-1)?.payload).toMatchObject({ code: "OIDC_NOT_INVITED" });
    const { browser } = await signIn(open);
    expect(await viewer(open, browser)).toMatchObject({ user: { email } });
    const granted = (await eventsOf("membership.granted")).at(-1);
    expect(granted?.payload).toMatchObject({ name: expect.any(String), after: { role: "VIEWER" } });
  });
});

describe("it is refused", () => {
  it("with a state that was used before, on any server, also with a new code", async () => {
    await invite();
    const browser = new CookieBrowser();
    const { url: authorize } = await browser.go(startOf(server), (url) => url.origin === provider.issuer);
    const { url: callback } = await browser.go(authorize.href, atCallback);
    const replaying = browser.copy();
    const { url: again } = await browser.copy().go(authorize.href, atCallback);
    expect((await browser.go(callback.href, atPage(server))).url.pathname).toBe("/acme/tasks");
    expect(again.searchParams.get("code")).not.toBe(callback.searchParams.get("code"));
    for (const url of [callback, again]) {
      const { url: page } = await replaying.copy().go(url.href, atPage(server));
      expect(page.search).toBe("?error=OIDC_FAILED");
    }
    expect(await viewer(server, replaying)).toBeNull();
  });

  it("with another nonce than was asked for", async () => {
    await invite();
    const browser = new CookieBrowser();
    const { url: authorize } = await browser.go(startOf(server), (url) => url.origin === provider.issuer);
    authorize.searchParams.set("nonce", "of somebody else");
    const { url } = await browser.go(authorize.href, atPage(server));
    expect(url.search).toBe("?error=OIDC_FAILED");
  });

  it("with another state, or in another browser than the one that began", async () => {
    await invite();
    const browser = new CookieBrowser();
    const { url: callback } = await browser.go(startOf(server), atCallback);
    const other = await new CookieBrowser().go(callback.href, atPage(server));
    expect(other.url.search).toBe("?error=OIDC_FAILED");
    const changing = new CookieBrowser();
    const { url: changed } = await changing.go(startOf(server), atCallback);
    changed.searchParams.set("state", "the state of another");
    expect((await changing.go(changed.href, atPage(server))).url.search).toBe("?error=OIDC_FAILED");
    const begun = new CookieBrowser();
    await begun.go(startOf(server), (url) => url.origin === provider.issuer);
    expect((await begun.go(callback.href, atPage(server))).url.search).toBe("?error=OIDC_FAILED");
  });

  it("for an address that the provider has not checked, whoever else has it here", async () => {
    await invite();
    provider.person = { sub: "impostor", email, verified: false };
    for (const at of [server, open]) expect((await signIn(at)).page).toBe("/sign-in?error=OIDC_EMAIL_UNVERIFIED");
  });

  it("for somebody else who has the address there by now", async () => {
    await invite();
    await signIn(server);
    provider.person = { sub: "successor", email: email.toUpperCase(), verified: true };
    for (const at of [server, open]) expect((await signIn(at)).page).toBe("/sign-in?error=OIDC_NOT_INVITED");
  });

  it("for a person who is disabled, before and after the first time", async () => {
    const disable = `mutation ($input: DisableUserInput!) { disableUser(input: $input) { __typename } }`;
    const early = await invite();
    await server.ask(disable, { input: { userId: early, reason: "gone" } });
    for (const at of [server, open]) expect((await signIn(at)).page).toBe("/sign-in?error=OIDC_NOT_INVITED");

    const linked = statement<object>("select from user_identities where subject = $1");
    expect(await database.run(linked, [`sub-${number}`])).toEqual([]);

    email = `late${number}@example.com`;
    provider.person = { sub: `late-${number}`, email, verified: true };
    const late = await invite();
    expect((await signIn(server)).page).toBe("/acme/tasks");
    await server.ask(disable, { input: { userId: late, reason: "gone" } });
    expect((await signIn(server)).page).toBe("/sign-in?error=OIDC_NOT_INVITED");
  });

  it("when the provider says no", async () => {
    provider.person = null;
    expect((await signIn(server)).page).toBe("/sign-in?error=OIDC_DENIED");
  });

  it("while the provider is away, and works again when it is back", async () => {
    await invite();
    const away = await startServerOn(server.databaseUrl, {
      MUSTER_OIDC_ISSUER: provider.issuer,
      MUSTER_OIDC_CLIENT_ID: "x",
      MUSTER_OIDC_NAME: "Acme ID",
    });
    await provider.goAway();
    expect((await signIn(away)).page).toBe("/sign-in?error=OIDC_UNAVAILABLE");
    const browser = new CookieBrowser();
    const { url } = await browser.go(startOf(server), (to) => to.origin === provider.issuer);
    await provider.comeBack();
    expect((await browser.go(url.href, atPage(server))).url.pathname).toBe("/acme/tasks");
    const again = await new CookieBrowser().go(startOf(away), (to) => to.origin === provider.issuer);
    expect(again.url.origin).toBe(provider.issuer);
    await away.stop();
  });
});
