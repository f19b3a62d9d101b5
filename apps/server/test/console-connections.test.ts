import { once } from "node:events";
import { describe, expect, it } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { mirror, raw, withConsole } from "./fake-console.ts";

describe("a console that is away", () => {
  it("is answered for: with a page that loads itself again, or with JSON", async () => {
    const { server, console } = await withConsole(mirror);
    console.close();
    console.closeAllConnections();
    await once(console, "close");
    const page = await fetch(`${server.url}/`, { headers: { accept: "text/html,*/*" } });
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    const html = await page.text();
    expect(html).toContain("The console is starting");
    expect(html).toContain('http-equiv="refresh"');

    const json = await fetch(`${server.url}/data.json`, { method: "POST", body: "x".repeat(100_000) });
    expect([json.status, json.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await json.json()).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/_next/hmr`);
    await expect(once(socket, "open")).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await server.ask("{ viewer { actor { name } } }")).status).toBe(200);
  });

  it("in the middle of an answer breaks that answer, and nothing else", async () => {
    const { server } = await withConsole((request, response) => {
      if (request.url !== "/breaks") return void response.end("well");
      response.writeHead(200, { "content-length": "100" });
      response.write("part");
      setTimeout(() => response.destroy(), 50);
    });
    const broken = await fetch(`${server.url}/breaks`);
    await expect(broken.text()).rejects.toThrow("terminated");
    expect(await (await fetch(`${server.url}/`)).text()).toBe("well");
  });
});

describe("a client that leaves", () => {
  it("ends the request to the console, before and during the answer", async () => {
    for (const begins of [false, true]) {
      let left = () => {};
      const ended = new Promise<void>((resolve) => (left = resolve));
      let arrived = () => {};
      const asked = new Promise<void>((resolve) => (arrived = resolve));
      const { server } = await withConsole((_request, response) => {
        if (begins) response.write("part");
        response.once("close", left);
        arrived();
      });
      const controller = new AbortController();
      const answer = fetch(`${server.url}/slow`, { signal: controller.signal }).then((response) => response.text());
      answer.catch(() => {});
      await asked;
      controller.abort();
      await expect(answer).rejects.toThrow("aborted");
      await ended;
    }
  });
});

describe("WebSockets for other paths than /graphql", () => {
  it("go to the console both ways, and end with either side", async () => {
    const { server, console } = await withConsole(mirror);
    const echo = new WebSocketServer({ server: console });
    echo.on("connection", (client, request) => {
      client.send(`hello ${request.url}`);
      client.on("message", (data: Buffer) =>
        data.toString() === "bye" ? client.close(4000, "bye") : client.send(`echo ${data.toString()}`),
      );
    });
    const url = `${server.url.replace("http", "ws")}/_next/webpack-hmr?id=1`;
    const socket = new WebSocket(url);
    expect(String((await once(socket, "message"))[0])).toBe("hello /_next/webpack-hmr?id=1");
    socket.send("x");
    expect(String((await once(socket, "message"))[0])).toBe("echo x");
    socket.send("bye");
    expect((await once(socket, "close"))[0]).toBe(4000);

    const second = new WebSocket(url);
    await once(second, "message");
    const [client] = echo.clients;
    const closed = once(client as WebSocket, "close");
    second.terminate();
    await closed;

    const foreign = new WebSocket(url, { origin: "https://evil.invalid" });
    await expect(once(foreign, "open")).rejects.toThrow("403");
  });

  it("do not keep the server from stopping", async () => {
    const { server, console } = await withConsole(mirror);
    const accepting = new WebSocketServer({ server: console });
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/_next/hmr`);
    await once(socket, "open");
    const closed = once(socket, "close");
    const [passedOn] = accepting.clients;
    const ended = once(passedOn as WebSocket, "close");
    await server.stop();
    await closed;
    await ended;
  });

  it("and other protocols are plain requests", async () => {
    const { server } = await withConsole((_request, response) => void response.end("plain"));
    const headers =
      "Host: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
    expect(await raw(server.url, `GET /page HTTP/1.1\r\n${headers}`)).toContain("plain");
  });
});
