import { once } from "node:events";
import { createServer, type IncomingMessage, request as httpRequest } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { signedIn } from "./browser.ts";
import { bodyOf, mirror, raw, type Seen, withConsole } from "./fake-console.ts";

describe("what the server does not answer itself goes to the console", () => {
  it("with method, path, query and body, and back with status, headers and body", async () => {
    const { server } = await withConsole(async (request, response) => {
      response.writeHead(207, "Odd", { "x-seen": `${request.method} ${request.url}`, "set-cookie": ["a=1", "b=2"] });
      response.end(`got ${await bodyOf(request)}`);
    });
    const response = await fetch(`${server.url}/projects/demo/app?event=event_1&x=%2F`, {
      method: "PUT",
      body: "things",
    });
    expect([response.status, response.statusText]).toEqual([207, "Odd"]);
    expect(response.headers.get("x-seen")).toBe("PUT /projects/demo/app?event=event_1&x=%2F");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("got things");
  });

  it("redirects, empty and compressed answers included", async () => {
    const { server } = await withConsole((request, response) => {
      if (request.url === "/") return void response.writeHead(307, { location: "/projects/demo/app/fleet" }).end();
      if (request.url === "/same") return void response.writeHead(304, { etag: '"1"' }).end();
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("squeezed"));
    });
    const redirect = await fetch(`${server.url}/`, { redirect: "manual" });
    expect([redirect.status, redirect.headers.get("location")]).toEqual([307, "/projects/demo/app/fleet"]);
    expect((await fetch(`${server.url}/same`)).status).toBe(304);
    expect(await (await fetch(`${server.url}/big`)).text()).toBe("squeezed");
  });

  it("as it comes, not once it is whole", async () => {
    let finish = () => {};
    const { server } = await withConsole((_request, response) => {
      response.write("first");
      finish = () => response.end("second");
    });
    const response = await fetch(`${server.url}/stream`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("first");
    finish();
    expect((await reader?.read())?.value).toBe("second");
    expect((await reader?.read())?.done).toBe(true);
  });

  it("over connections that are used again, and given up before the console gives them up", async () => {
    const { server, console } = await withConsole((request, response) => {
      setTimeout(() => response.end("page"), request.url === "/slow" ? 1_500 : 0);
    });
    console.keepAliveTimeout = 2_000;
    const connection = once(console, "connection") as Promise<[Socket]>;
    let connections = 0;
    console.on("connection", () => (connections += 1));
    for (const path of ["/", "/", "/slow", "/"]) {
      expect(await (await fetch(`${server.url}${path}`)).text()).toBe("page");
    }
    expect(connections).toBe(1);
    const since = performance.now();
    const [socket] = await connection;
    await once(socket, "close");
    expect(performance.now() - since).toBeLessThan(1_900);
  });

  it("but not what is the server's own", async () => {
    const { server } = await withConsole((_request, response) => void response.end("console"));
    for (const path of ["/graphql", "/auth/sign-in", "/auth/x", "/health/live", "/health/x"]) {
      expect(await (await fetch(`${server.url}${path}`)).text()).not.toBe("console");
    }
  });
});

describe("the console is told", () => {
  it("no secrets, neither by HTTP nor by WebSocket", async () => {
    const { server, console } = await withConsole(mirror);
    const cookie = await signedIn(server);
    const token = cookie.split("=")[1] ?? "";
    const headers = {
      cookie: `theme=dark; ${cookie}; muster_session=other; muster_session_1=third`,
      authorization: `Bearer ${server.adminKey}`,
      "proxy-authorization": "Basic secret",
      // Once sent, this keeps libraries from changing headers on the way.
      expect: "100-continue",
    };
    const seen = await new Promise<Seen>((resolve, reject) => {
      const request = httpRequest(`${server.url}/page`, { method: "POST", headers }, async (response) =>
        resolve(JSON.parse(await bodyOf(response)) as Seen),
      );
      request.once("error", reject);
      request.end("x");
    });
    expect(seen.headers["cookie"]).toBe("theme=dark");
    expect(seen.headers).not.toHaveProperty("expect");
    for (const secret of [token, server.adminKey, "other", "third", "Basic"]) {
      expect(JSON.stringify(seen)).not.toContain(secret);
    }

    const upgrade = once(console, "upgrade") as Promise<[IncomingMessage, { destroy(): void }]>;
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/_next/hmr`, {
      headers: { ...headers, expect: "" },
    });
    socket.on("error", () => {});
    const [request, upgraded] = await upgrade;
    expect(request.headers.cookie).toBe("theme=dark");
    expect(JSON.stringify(request.rawHeaders)).not.toContain(token);
    expect(JSON.stringify(request.rawHeaders)).not.toContain(server.adminKey);
    upgraded.destroy();
  });

  it("where the request came from, and nothing about the client's connection", async () => {
    const { server } = await withConsole(mirror);
    const answer = await raw(
      server.url,
      `GET /page HTTP/1.1\r\nHost: muster.example\r\nConnection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=9\r\nTE: trailers\r\nX-Forwarded-For: 10.1.1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.invalid\r\n\r\n`,
    );
    const { headers } = JSON.parse(answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1)) as Seen;
    expect(headers).toMatchObject({
      host: "muster.example",
      "x-forwarded-host": "muster.example",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "10.1.1.1, 127.0.0.1",
    });
    for (const name of ["x-private", "keep-alive", "te"]) expect(headers).not.toHaveProperty(name);
    expect(answer).toMatch(/^connection: close\r$/im);
  });
});

describe("an answer of the console", () => {
  it("keeps its own policy of content and caching, and gets the other security headers", async () => {
    const { server } = await withConsole((_request, response) => {
      response.writeHead(200, {
        "content-security-policy": "default-src 'self'; script-src 'nonce-abc'",
        "cache-control": "public, max-age=31536000, immutable",
        "x-frame-options": "ALLOWALL",
        connection: "x-private, keep-alive",
        "keep-alive": "timeout=5",
        "x-private": "1",
      });
      response.end("page");
    });
    const { headers } = await fetch(`${server.url}/page`, { headers: { "x-forwarded-proto": "https" } });
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy": "default-src 'self'; script-src 'nonce-abc'",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
      "strict-transport-security": "max-age=31536000",
      "x-correlation-id": expect.any(String),
    });
    expect(headers.get("keep-alive")).not.toBe("timeout=5");
    expect(headers.get("x-private")).toBeNull();
  });

  it("gets no policy of content from the server when it has none", async () => {
    const { server } = await withConsole((_request, response) => void response.end("page"));
    const { headers } = await fetch(`${server.url}/page`);
    expect(headers.get("content-security-policy")).toBeNull();
    expect(headers.get("cache-control")).toBeNull();
  });
});

describe("a request's target chooses no other host", () => {
  it.each([
    "//evil.invalid/",
    "//127.0.0.1:PORT/graphql",
    "http://127.0.0.1:PORT/",
    "http://evil.invalid/graphql",
    "https://evil.invalid",
    "*",
  ])("%s is refused", async (target) => {
    let reached = 0;
    const elsewhere = createServer((_request, response) => {
      reached += 1;
      response.end("elsewhere");
    });
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    onTestFinished(() => void elsewhere.close());
    const { server } = await withConsole((_request, response) => {
      reached += 1;
      response.end("console");
    });
    const { port } = elsewhere.address() as AddressInfo;
    for (const method of target === "*" ? ["OPTIONS"] : ["GET", "POST"]) {
      const text = `${method} ${target.replace("PORT", String(port))} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      expect(await raw(server.url, text)).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(reached).toBe(0);
  });

  it.each([
    "/\\evil.invalid",
    "/@evil.invalid",
    "/.evil.invalid:80/",
    "/a/../../graphql",
    "/%2f%2fevil.invalid",
    "/x//evil.invalid",
  ])("%s goes to the console as it is", async (target) => {
    const { server } = await withConsole((request, response) => void response.end(`console ${request.url}`));
    const answer = await raw(server.url, `GET ${target} HTTP/1.1\r\nHost: evil.invalid\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(`console ${target}`);
  });

  it("nor does a Host that is none", async () => {
    const { server } = await withConsole(mirror);
    const answer = await raw(server.url, "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });
});
