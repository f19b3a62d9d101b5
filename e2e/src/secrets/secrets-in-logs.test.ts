import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { createClient } from "@muster/client/client.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MusterProcess, startMuster } from "../muster-process.ts";
import { totpCode } from "../site/totp-code.ts";
import { inEnvironments, spellings, writtenText } from "./written-text.ts";

type Row = Record<string, unknown>;

const CANARY = randomBytes(16).toString("hex");

let dataDir: string;
let muster: MusterProcess;
/** Every secret that the run has used, by what it is. */
const secrets = new Map<string, string>();
function keep<Secret extends string>(what: string, secret: Secret | null | undefined): Secret {
  if (!secret) throw new Error(`There is no ${what}.`);
  secrets.set(what, secret);
  return secret;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-secrets-"));
  const settings = { MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" };
  muster = await startMuster(dataDir, await freePort(), ["--no-console", "--log-level", "trace"], settings);
}, 300_000);
afterAll(async () => {
  await muster?.interrupt();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

/** An operation with an Authorization header, or a cookie; the answer's `data.result`. */
async function change(who: Record<string, string>, name: string, input: Row, fields: string): Promise<Row> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { result: ${name}(input: $input) {
    ... on ${type}Success { ${fields} } ... on Error { code message } } }`;
  const answer = await ask(who, query, { input });
  const result = (answer["data"] as { result?: Row } | undefined)?.result;
  if (!result || "code" in result) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return result;
}

async function ask(who: Record<string, string>, query: string, variables: Row = {}): Promise<Row> {
  const headers = { "content-type": "application/json", origin: muster.url, ...who };
  const response = await fetch(`${muster.url}/graphql`, {
    method: "POST",
    headers,
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Row;
}

/** POST below /auth; gives the session's cookie, when there is one. */
async function auth(path: string, body: Row, headers: Record<string, string> = {}) {
  const response = await fetch(`${muster.url}/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: muster.url, ...headers },
    body: JSON.stringify(body),
  });
  const cookie = response.headers
    .getSetCookie()
    .find((each) => each.includes("session"))
    ?.split(";", 1)[0];
  return { status: response.status, cookie: cookie ?? null, text: await response.text() };
}

const tokenOf = (cookie: string | null) => cookie?.slice(cookie.indexOf("=") + 1);
const linkOf = (address: unknown) => new URL(String(address), muster.url).hash.slice("#link=".length);

/** One of everything that has a secret, right and wrong. */
async function useSecrets(): Promise<void> {
  const admin = keep("the admin key", (await readFile(join(dataDir, "bootstrap-key"), "utf8")).trim());
  keep("the encryption key", (await readFile(join(dataDir, "encryption-key"), "utf8")).trim());
  for (const [number, key] of (await inEnvironments(dataDir, "MUSTER_AGENT_KEY")).entries())
    keep(`an agent's key ${number}`, key);
  for (const url of await inEnvironments(dataDir, "DATABASE_URL"))
    if (url) keep("the database's password", decodeURIComponent(new URL(url).password));
  const asAdmin = { authorization: `Bearer ${admin}` };

  // People: links, an invitation, passwords, an authenticator, a reset. (The link that a start prints is meant to be read there.)
  const newLink = async () =>
    linkOf((JSON.parse((await auth("sign-in-links", {}, asAdmin)).text) as { url: string }).url);
  const link = keep("a link", await newLink());
  const first = await auth("sign-in", { link });
  const asFirst = { cookie: keep("the first cookie", first.cookie) };
  keep("the first session", tokenOf(first.cookie));
  await auth("sign-in", { link });
  keep("a link that is not used", await newLink());
  const email = "ada@example.com";
  const invited = await change(
    asFirst,
    "inviteUser",
    { email, name: "Ada", role: "ADMIN" },
    "link data { user { id } }",
  );
  const userId = (invited["data"] as { user: { id: string } }).user.id;
  const password = keep("the password", `correct-horse-${randomBytes(6).toString("hex")}`);
  const joined = await auth("password", {
    link: keep("the invitation", linkOf(invited["link"])),
    newPassword: password,
  });
  expect(joined.status).toBe(204);
  const asAda = { cookie: keep("Ada's cookie", joined.cookie) };
  keep("Ada's session", tokenOf(joined.cookie));
  const wrong = keep("a wrong password", `wrong-battery-${randomBytes(6).toString("hex")}`);
  expect((await auth("sign-in", { email, password: wrong })).status).toBe(401);
  const { secret } = await change(asAda, "startTotp", { password }, "secret uri");
  keep("the authenticator's secret", String(secret));
  const code = keep("an authenticator's code", totpCode(String(secret)));
  const { recoveryCodes } = await change(asAda, "confirmTotp", { code }, "recoveryCodes");
  for (const [number, each] of (recoveryCodes as string[]).entries()) keep(`recovery code ${number}`, each);
  expect((await auth("sign-in", { email, password, code: (recoveryCodes as string[])[0] })).status).toBe(204);
  await auth("sign-in", { email, password, code });
  const newPassword = keep("the new password", `another-staple-${randomBytes(6).toString("hex")}`);
  await change(asAda, "changePassword", { currentPassword: password, newPassword }, "data { id }");
  const reset = await change(asFirst, "createPasswordResetLink", { userId }, "link");
  keep("the reset link", linkOf(reset["link"]));

  // Programs and agents.
  const created = await change(asFirst, "createApiKey", { name: "ci", role: "OPERATOR" }, "key data { id }");
  const key = keep("a program's key", String(created["key"]));
  const apiKeyId = (created["data"] as { id: string }).id;
  const rotated = await change(asFirst, "rotateApiKey", { apiKeyId }, "key");
  keep("the rotated key", String(rotated["key"]));
  const token = await change({ authorization: `Bearer ${key}` }, "issueToken", {}, "token");
  keep("a short-lived token", String(token["token"]));
  await ask({ authorization: `Bearer ${String(token["token"])}` }, "{ viewer { actor { name } } }");
  const project = (await ask(asAdmin, `{ project(path: "demo/app") { id } }`))["data"] as { project: { id: string } };
  const projectId = project.project.id;
  const registered = await change(
    asAdmin,
    "registerAgent",
    { projectId, definitionSlug: "builder", name: "keyed", config: { repository: dataDir } },
    "key data { id }",
  );
  const agentKey = keep("a new agent's key", String(registered["key"]));
  const agentId = (registered["data"] as { id: string }).id;
  const client = createClient({ url: muster.url, credentials: () => agentKey });
  await client.execute(`query ($id: ID!) { node(id: $id) { id } }`, { id: agentId });
  await client
    .follow<object, object>({
      document: `subscription ($project: ID!, $after: String) {
        taskUpdates(project: $project, after: $after) {
          ... on EventDelivery { cursor event { id } } ... on Bookmark { cursor } ... on ResyncRequired { cursor } } }` as never,
      variables: { project: projectId },
      onEvent: () => {},
      onResync: () => {},
      signal: AbortSignal.timeout(500),
    })
    .catch(() => null);
  const agentRotated = await change(asAdmin, "rotateAgentKey", { agentId }, "key");
  keep("the rotated agent's key", String(agentRotated["key"]));
  client.close();

  // A webhook whose receiver fails.
  const receiver = createServer((_, response) => response.writeHead(500).end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => receiver.once("listening", resolve));
  const { port } = receiver.address() as { port: number };
  const hook = await change(
    asAdmin,
    "createWebhook",
    { projectId, name: "hook", url: `http://127.0.0.1:${port}/hook` },
    "secret data { id }",
  );
  keep("a webhook's secret", String(hook["secret"]));
  const webhookId = (hook["data"] as { id: string }).id;
  await change(asAdmin, "testWebhook", { webhookId }, "data { id }");
  keep("its new secret", String((await change(asAdmin, "rotateWebhookSecret", { webhookId }, "secret"))["secret"]));
  receiver.close();

  // What is logged is found: else the test would say nothing.
  await fetch(`${muster.url}/health/live`, { headers: { "x-correlation-id": CANARY } });

  // Where secrets do not belong, but people put them.
  await fetch(`${muster.url}/graphql?key=${admin}&authorization=${key}`);
  await fetch(`${muster.url}/health/ready?token=${newPassword}`);
  await ask({ authorization: admin }, "{ viewer { actor { name } } }");
  await ask(asAdmin, `{ viewer(key: "${admin}") { ${newPassword.replaceAll("-", "_")} } }`);
  await ask(asAdmin, `{ "${newPassword}" }`);
  const broken = { method: "POST", headers: { "content-type": "application/json" } };
  await fetch(`${muster.url}/auth/sign-in`, { ...broken, body: `{"email": "${email}", "password": "${newPassword}"` });
  await fetch(`${muster.url}/auth/sign-in`, { ...broken, body: JSON.stringify({ email, passwort: newPassword }) });
  await ask({ authorization: `Bearer ${key.slice(0, -1)}x` }, "{ viewer { actor { name } } }");
  await change(asFirst, "revokeApiKey", { apiKeyId, reason: "the run is over" }, "data { id }");
}

/** All pages of the log of everything that happened, as the audit export gives it. */
async function auditLog(): Promise<string> {
  const headers = { authorization: `Bearer ${secrets.get("the admin key")}` };
  const workspace = (await ask(headers, `{ workspace(slug: "demo") { id } }`))["data"] as { workspace: { id: string } };
  const paths = ["/audit/export?format=ndjson", `/audit/export?format=ndjson&workspace=${workspace.workspace.id}`];
  const texts = await Promise.all(
    paths.map(async (path) => {
      const response = await fetch(`${muster.url}${path}`, { headers });
      expect(response.status).toBe(200);
      return response.text();
    }),
  );
  return texts.join("\n");
}

it("keeps every secret of a whole run out of all logs, and out of the log of events", async () => {
  await useSecrets();
  const audit = await auditLog();
  expect(audit).toContain("api_key.revoked");
  await muster.interrupt();
  const written = await writtenText(dataDir);
  written.set("the audit log", audit);
  written.set("the launcher's output", muster.printed());
  // It has to be the whole run: server, agents and Postgres.
  const names = [...written.keys()].join("\n");
  for (const part of ["server.log", "postgres.log", "output.log"]) expect(names).toContain(part);
  expect(written.get("logs/server.log")).toContain('"level":"debug"');
  expect(secrets.size).toBeGreaterThan(30);

  const placesOf = (secret: string) =>
    [...written].filter(([, text]) => spellings(secret).some((way) => text.includes(way))).map(([where]) => where);
  expect(placesOf(CANARY)).toEqual(["logs/server.log"]);
  expect([...secrets].flatMap(([what, secret]) => placesOf(secret).map((where) => `${what} in ${where}`))).toEqual([]);
}, 120_000);
