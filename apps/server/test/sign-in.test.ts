import { request as httpRequest } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cookieOf, post, refusalOf } from "./browser.ts";
import { createAgent, createTenant, serverForTest, startTestServer, type TestServer } from "./harness.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const signIn = (body: unknown, headers: Record<string, string> = {}) =>
  post(`${server.url}/auth/sign-in`, body, { origin: server.url, ...headers });

/** A new link's token, for this key. */
async function newLink(key = server.adminKey): Promise<string> {
  const response = await post(`${server.url}/auth/sign-in-links`, "", { authorization: `Bearer ${key}` });
  expect(response.status).toBe(201);
  const { url, expiresAt } = (await response.json()) as { url: string; expiresAt: string };
  expect(url).toMatch(new RegExp(`^${server.url}/sign-in#link=[\\w-]{43}$`));
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  return new URL(url).hash.slice("#link=".length);
}

async function viewer(cookie: string): Promise<unknown> {
  const response = await post(
    `${server.url}/graphql`,
    { query: "{ viewer { actor { kind name } } }" },
    { cookie, origin: server.url },
  );
  const body = (await response.json()) as { data?: { viewer: { actor: unknown } } };
  return body.data?.viewer.actor ?? null;
}

describe("a link", () => {
  it("is made at the start for the first admin, and signs in", async () => {
    const token = new URL(server.signInUrl ?? "").hash.slice("#link=".length);
    expect(server.signInUrl).toBe(`${server.url}/sign-in#link=${token}`);
    const response = await signIn({ link: token });
    expect(response.status).toBe(204);
    expect(await viewer(cookieOf(response).pair)).toEqual({ kind: "USER", name: "admin" });
  });

  it("is not made at a start without a key", async () => {
    const quiet = await serverForTest({ MUSTER_BOOTSTRAP_KEY: "" });
    expect(quiet.signInUrl).toBeNull();
  });

  it("works once when 20 use it at once, and says so to the others", async () => {
    const link = await newLink();
    const responses = await Promise.all(Array.from({ length: 20 }, () => signIn({ link })));
    expect(responses.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, ...Array(19).fill(401)]);
    for (const response of responses.filter(({ status }) => status === 401)) {
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(await refusalOf(response)).toEqual({
        code: "LINK_USED",
        message:
          "This link has been used already. Run `npm run sign-in` for a new one, ask an admin, or sign in another way.",
      });
    }
  });

  it("is refused with a sentence when it is unknown or has expired", async () => {
    const unknown = await signIn({ link: "nothing" });
    expect(unknown.status).toBe(401);
    expect(await refusalOf(unknown)).toMatchObject({
      code: "LINK_UNKNOWN",
      message: expect.stringContaining("not known"),
    });

    const link = await newLink();
    const database = openDatabase({ url: server.databaseUrl });
    const hash = createHash("sha256").update(link).digest("hex");
    await database.run(statement("update sign_in_links set expires_at = clock_timestamp() where hash = $1"), [hash]);
    await database.close();
    const expired = await signIn({ link });
    expect(expired.status).toBe(401);
    expect(await refusalOf(expired)).toMatchObject({
      code: "LINK_EXPIRED",
      message: expect.stringContaining("expired"),
    });
  });

  it("stands for the key that asked: an agent gets one for itself only, and no key none", async () => {
    const tenant = await createTenant(server);
    const agent = await createAgent(server, tenant, "one");
    const response = await signIn({ link: await newLink(agent.key) });
    expect(await viewer(cookieOf(response).pair)).toEqual({ kind: "AGENT", name: "one" });

    const links = `${server.url}/auth/sign-in-links`;
    for (const body of [{ key: server.adminKey }, { apiKeyId: "key_1" }, { agentId: agent.id }]) {
      expect((await post(links, body, { authorization: `Bearer ${agent.key}` })).status).toBe(400);
    }
    for (const authorization of ["", "Bearer ", `Bearer ${newAdminKey()}`, server.adminKey]) {
      expect((await post(links, {}, { authorization })).status).toBe(401);
    }
    // A session is no key.
    const cookie = cookieOf(await signIn({ key: server.adminKey })).pair;
    expect((await post(links, {}, { cookie, origin: server.url })).status).toBe(401);
  });
});

describe("a key", () => {
  it("signs in, with or without a browser", async () => {
    for (const headers of [{}, { "sec-fetch-site": "same-origin" }]) {
      expect((await signIn({ key: server.adminKey }, headers)).status).toBe(204);
    }
    expect((await post(`${server.url}/auth/sign-in`, { key: server.adminKey })).status).toBe(204);
  });

  it("that is wrong does not", async () => {
    for (const key of [newAdminKey(), "letmein", "", "\0", "\ud800"]) {
      const response = await signIn({ key });
      expect(response.status).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect((await refusalOf(response)).code).toBe("KEY_REFUSED");
    }
  });

  it("does not sign in from a page of another origin", async () => {
    for (const origin of [
      "https://evil.invalid",
      "null",
      "http://127.0.0.1:1",
      "file://",
      server.url.replace(":", ""),
    ]) {
      const response = await signIn({ key: server.adminKey }, { origin });
      expect(response.status, origin).toBe(403);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
    const crossSite = { "content-type": "application/json", "sec-fetch-site": "cross-site" };
    const status = await rawPost("/auth/sign-in", JSON.stringify({ key: server.adminKey }), crossSite);
    expect(status).toBe(403);
  });
});

describe("the cookie", () => {
  it("is out of reach for scripts and other sites, and carries the port", async () => {
    const { name, value, attributes } = cookieOf(await signIn({ key: server.adminKey }));
    expect(name).toBe(`muster_session_${new URL(server.url).port}`);
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(attributes).toEqual(
      expect.arrayContaining([
        "httponly",
        "samesite=lax",
        "path=/",
        expect.stringMatching(/^max-age=25(91999|92000)$/),
      ]),
    );
    expect(attributes).not.toContain("secure");
    expect(attributes.some((attribute) => attribute.startsWith("domain"))).toBe(false);
  });

  it("is for https only when the request came by https", async () => {
    const response = await signIn({ key: server.adminKey }, { "x-forwarded-proto": "https" });
    expect(cookieOf(response).attributes).toContain("secure");
    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });

  it("is cleared by signing out", async () => {
    const cookie = cookieOf(await signIn({ key: server.adminKey })).pair;
    expect(await viewer(cookie)).not.toBeNull();
    const response = await post(`${server.url}/auth/sign-out`, {}, { cookie, origin: server.url });
    expect(response.status).toBe(204);
    const cleared = cookieOf(response);
    expect(cleared).toMatchObject({ name: cookie.split("=")[0], value: "" });
    expect(cleared.attributes).toEqual(expect.arrayContaining(["max-age=0", "path=/", "httponly"]));
    expect(await viewer(cookie)).toBeNull();
    expect((await post(`${server.url}/auth/sign-out`, {}, { cookie, origin: server.url })).status).toBe(204);
  });

  it("is not cleared by a page of another origin", async () => {
    const cookie = cookieOf(await signIn({ key: server.adminKey })).pair;
    for (const headers of [{ origin: "https://evil.invalid" }, {}] as Record<string, string>[]) {
      expect((await post(`${server.url}/auth/sign-out`, {}, { cookie, ...headers })).status).toBe(403);
    }
    expect(await viewer(cookie)).not.toBeNull();
  });
});

describe("a bad request to /auth", () => {
  it.each([
    ["no JSON", "{", 400],
    ["JSON that is no object", "[]", 400],
    ["nothing", "", 400],
    ["neither link nor key", {}, 400],
    ["both", { link: "x", key: "x" }, 400],
    ["a link that is no text", { link: 5 }, 400],
    ["a key in a list", { key: ["x"] }, 400],
    ["fields beside it", { key: "x", admin: true }, 400],
    ["a prototype", '{"__proto__":{"key":"x"}}', 400],
    ["deeply nested", "[".repeat(4_000), 400],
    ["more than 4 KiB", { key: "x".repeat(4_096) }, 413],
  ])("with %s", async (_what, body, status) => {
    const response = await signIn(body);
    expect(response.status).toBe(status);
    const { code, message } = await refusalOf(response);
    expect(code).toBe("BAD_REQUEST");
    expect(message).toMatch(/^[A-Z].*\.$/);
  });

  it("is answered before all of a body that is too large has come", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(
      "POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n",
    );
    socket.write("x".repeat(5_000));
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it("with another content type, other methods and unknown paths", async () => {
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]) {
      expect((await signIn({ key: server.adminKey }, { "content-type": type })).status).toBe(415);
    }
    expect((await signIn({ key: server.adminKey }, { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(
      204,
    );
    for (const path of ["/auth/sign-in", "/auth/password", "/auth/sign-out", "/auth/sign-in-links"]) {
      for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
        const response = await fetch(`${server.url}${path}`, { method });
        expect(response.status).toBe(405);
        expect(response.headers.get("allow")).toBe("POST");
      }
    }
    for (const path of ["/auth/", "/auth/me", "/auth/constructor"]) {
      expect((await post(`${server.url}${path}`, {})).status).toBe(404);
    }
  });
});

describe("the server's own answers", () => {
  it("carry security headers", async () => {
    for (const path of ["/auth/sign-in", "/health/live", "/graphql", "/nowhere"]) {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cache-control": "no-store",
      });
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });

  it("are 404 for everything else, without a console", async () => {
    for (const path of ["/", "/sign-in", "/graphiql", "/auth", "/health/x"]) {
      expect((await fetch(`${server.url}${path}`, { redirect: "manual" })).status).toBe(404);
    }
  });
});

/** As fetch, but with Sec-Fetch-Site and without Origin. */
function rawPost(path: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once("error", reject);
    request.end(body);
  });
}
