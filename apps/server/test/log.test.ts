import { expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { createLogger } from "../src/logger.ts";
import { cookieOf, post } from "./browser.ts";
import { startTestServer } from "./harness.ts";

it("says what was asked for at the finest level, and no secret", async () => {
  let log = "";
  const logger = createLogger("trace", { write: (line) => (log += line) });
  // Nothing listens there: failures to reach the console are logged as well.
  const server = await startTestServer({ CONSOLE_UPSTREAM: "http://127.0.0.1:9" }, {}, logger);
  onTestFinished(() => server.stop());
  const origin = server.url;
  const authorization = `Bearer ${server.adminKey}`;
  const link = new URL(server.signInUrl ?? "").hash.slice("#link=".length);

  const cookie = cookieOf(await post(`${server.url}/auth/sign-in`, { link }, { origin })).pair;
  const secrets = [link, cookie.split("=")[1] ?? "", server.adminKey, server.adminKey.slice(-40)];
  await post(`${server.url}/auth/sign-in`, { link }, { origin });
  await post(`${server.url}/auth/sign-in`, { key: server.adminKey }, { origin, cookie });
  await post(`${server.url}/auth/sign-in`, { key: [link] }, { origin });
  await post(`${server.url}/auth/sign-in`, `{${link}`, { origin });
  const created = await post(`${server.url}/auth/sign-in-links`, {}, { authorization });
  secrets.push(((await created.json()) as { url: string }).url.split("=")[1] ?? "");
  await post(`${server.url}/graphql`, { query: `{ ${link}` }, { origin, cookie });
  for (const path of ["/graphql", "/auth/sign-in", "/sign-in"]) {
    await fetch(`${server.url}${path}?link=${link}&key=${server.adminKey}`, { headers: { cookie, authorization } });
  }
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/_next/hmr?link=${link}`, { headers: { cookie } });
  await new Promise((resolve) => socket.once("error", resolve));
  await post(`${server.url}/auth/sign-out`, {}, { cookie, origin });

  expect(log).toContain('"path":"/auth/sign-in"');
  expect(log).toContain("the console cannot be reached");
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(30);
    expect(log).not.toContain(secret);
  }
});
