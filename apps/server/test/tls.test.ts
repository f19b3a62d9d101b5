import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type ConnectionOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { readSettings } from "../src/settings.ts";
import { type Authority, type Certified, createAuthority } from "./certificates.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let folder: string;
let authority: Authority;
let server: TestServer;
let tenant: Tenant;
const files = () => ({
  MUSTER_TLS_CERT_FILE: join(folder, "cert.pem"),
  MUSTER_TLS_KEY_FILE: join(folder, "key.pem"),
  MUSTER_TLS_CLIENT_CA_FILE: join(folder, "ca.pem"),
});
const writeCertificate = async ({ cert, key }: Certified) => {
  await writeFile(join(folder, "cert.pem"), cert);
  await writeFile(join(folder, "key.pem"), key);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-tls-test-"));
  authority = await createAuthority("Muster test");
  await writeCertificate(await authority.certify("first", { hosts: ["127.0.0.1"] }));
  await writeFile(join(folder, "ca.pem"), authority.cert);
  server = await startTestServer(files(), { credentialCheckMs: 600_000 });
  tenant = await createTenant({
    ...server,
    ask: (query, variables) => ask(query, { variables, key: server.adminKey }) as never,
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Asking {
  readonly variables?: unknown;
  readonly key?: string;
  readonly client?: Certified;
  readonly headers?: Record<string, string>;
}

interface Data {
  readonly viewer: { readonly actor: { readonly kind: string; readonly name: string; readonly id: string } };
  readonly issueToken: { readonly token: string };
}

interface Answered {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly data: Data | null;
}

/** Sends over TLS, each time in a connection of its own. */
async function send(path: string, body: unknown, { key, client, headers }: Asking = {}): Promise<Answered> {
  const request = httpsRequest(`${server.url}${path}`, {
    method: "POST",
    agent: false,
    ca: authority.cert,
    ...client,
    headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
  });
  request.end(JSON.stringify(body));
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, data: text === "" ? null : JSON.parse(text).data };
}

const ask = (query: string, asking: Asking = {}) => send("/graphql", { query, variables: asking.variables }, asking);
const VIEWER = "{ viewer { actor { kind name id } } }";
const asAgent = async (name: string) =>
  createAgent(
    { ...server, ask: (query, variables) => ask(query, { variables, key: server.adminKey }) as never },
    tenant,
    name,
  );
const transition = (agentId: string, action: string) =>
  ask(
    `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename ... on Error { message } } }`,
    {
      variables: { input: { agentId, action, reason: "test" } },
      key: server.adminKey,
    },
  );

/** The protocol that a handshake agrees on; rejects when there is none. */
async function handshake(options: ConnectionOptions): Promise<string | null> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), ca: authority.cert, ...options });
  try {
    await once(socket, "secureConnect");
    return socket.getProtocol();
  } finally {
    socket.destroy();
  }
}

describe("over TLS", () => {
  it("answers with the certificate that it was given, by TLS 1.3 and nothing older", async () => {
    expect(server.url).toMatch(/^https:/);
    expect(await handshake({})).toBe("TLSv1.3");
    await expect(handshake({ maxVersion: "TLSv1.2", minVersion: "TLSv1.2" })).rejects.toThrow(
      /protocol version|alert/i,
    );
    await expect(fetch(server.url.replace("https", "http"))).rejects.toThrow("fetch failed");
    expect((await ask(VIEWER, { key: server.adminKey })).data?.viewer.actor.name).toBe("bootstrap");
    expect((await ask(VIEWER)).status).toBe(401);
  });

  it("gives cookies that never leave TLS", async () => {
    const { headers, status } = await send(
      "/auth/sign-in",
      { key: server.adminKey },
      { headers: { origin: server.url } },
    );
    expect(status).toBe(204);
    expect(headers["set-cookie"]?.[0]).toMatch(/; Secure/);
    expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    const cookie = headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "";
    expect((await ask(VIEWER, { headers: { cookie, origin: server.url } })).status).toBe(200);
  });

  it("takes new files, and leaves open connections alone", async () => {
    const socket = new WebSocket(`${server.url.replace("https", "wss")}/graphql`, "graphql-transport-ws", {
      ca: authority.cert,
    });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${server.adminKey}` } }));
    await once(socket, "message");
    const subject = async () => {
      const { hostname, port } = new URL(server.url);
      const peer = connect({ host: hostname, port: Number(port), ca: authority.cert });
      await once(peer, "secureConnect");
      const { CN } = peer.getPeerCertificate().subject;
      peer.destroy();
      return CN;
    };
    expect(await subject()).toBe("first");
    await writeFile(join(folder, "key.pem"), "no key");
    await writeCertificate(await authority.certify("second", { hosts: ["127.0.0.1"] }));
    await expect.poll(subject, { timeout: 12_000, interval: 250 }).toBe("second");
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: VIEWER } }));
    const [message] = await once(socket, "message");
    expect(String(message)).toContain("bootstrap");
    socket.terminate();
  });

  it("says which file is of no use", async () => {
    const start = (more: Record<string, string>) => startTestServer({ ...files(), ...more });
    await expect(start({ MUSTER_TLS_KEY_FILE: join(folder, "nowhere.pem") })).rejects.toThrow(
      "MUSTER_TLS_KEY_FILE cannot be read",
    );
    await expect(start({ MUSTER_TLS_KEY_FILE: join(folder, "ca.pem") })).rejects.toThrow("no certificate and its key");
    const alone = { DATABASE_URL: "postgres://x/y", MUSTER_TLS_CERT_FILE: "cert.pem" };
    expect(() => readSettings(alone)).toThrow("MUSTER_TLS_KEY_FILE");
  });
});

/** The connection is cut, before or while it is used. */
const TURNED_AWAY = /socket hang up|ECONNRESET|EPIPE|disconnected|alert/;

describe("with a certificate", () => {
  it("an agent acts for itself, over HTTP and WebSocket", async () => {
    const agent = await asAgent("certified");
    const client = await authority.certify(agent.id);
    const actor = { kind: "AGENT", name: "certified", id: agent.id };
    expect((await ask(VIEWER, { client })).data).toEqual({ viewer: { actor } });
    // An authorization that is sent decides.
    expect((await ask(VIEWER, { client, key: server.adminKey })).data?.viewer.actor.name).toBe("bootstrap");
    expect((await ask(VIEWER, { client, key: "mst_nonsense" })).status).toBe(401);
    const frames = await overSocket(client);
    expect(frames).toContain(`"name":"certified"`);
    const token = await ask(
      `mutation { issueToken(input: {}) { ... on IssueTokenSuccess { token } ... on Error { message } } }`,
      { client },
    );
    expect((await ask(VIEWER, { key: token.data?.issueToken.token ?? "" })).data).toEqual({ viewer: { actor } });
  });

  it("is refused with one of another authority, or that has expired", async () => {
    const agent = await asAgent("other");
    const foreign = await (await createAuthority("Somebody else")).certify(agent.id);
    await expect(ask(VIEWER, { client: foreign })).rejects.toThrow(TURNED_AWAY);
    // Also with a key: whoever shows a certificate that cannot be trusted is not let in at all.
    await expect(ask(VIEWER, { client: foreign, key: server.adminKey })).rejects.toThrow(TURNED_AWAY);
    const expired = await authority.certify(agent.id, { endsAt: new Date(Date.now() - 60_000) });
    await expect(ask(VIEWER, { client: expired })).rejects.toThrow(TURNED_AWAY);
    // The server's own certificate is no client's.
    const ofServer = await authority.certify(agent.id, { hosts: ["127.0.0.1"] });
    await expect(ask(VIEWER, { client: ofServer })).rejects.toThrow(TURNED_AWAY);
  });

  it("of an agent that is unknown, decommissioned, or none, is nobody", async () => {
    const unknown = await authority.certify("agent_01h2xcejqtf2nbrexx3vqjhp41");
    const nobody = await authority.certify("admin");
    const twice = await authority.certify(`${(await asAgent("twice")).id},CN=admin`);
    for (const client of [unknown, nobody, twice]) expect((await ask(VIEWER, { client })).status).toBe(401);
    const agent = await asAgent("retired");
    const client = await authority.certify(agent.id);
    expect((await ask(VIEWER, { client })).status).toBe(200);
    for (const action of ["STOP", "DECOMMISSION"]) await transition(agent.id, action);
    expect((await ask(VIEWER, { client })).status).toBe(401);
  });

  it("ends when the certificate does, also for an open socket", async () => {
    const agent = await asAgent("brief");
    const client = await authority.certify(agent.id, { endsAt: new Date(Date.now() + 2_500) });
    const socket = new WebSocket(`${server.url.replace("https", "wss")}/graphql`, "graphql-transport-ws", {
      ca: authority.cert,
      ...client,
    });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    const [code] = await once(socket, "close");
    expect(code).toBe(4403);
  });
});

/** What a socket with this certificate is answered. */
async function overSocket(client: Certified): Promise<string> {
  const socket = new WebSocket(`${server.url.replace("https", "wss")}/graphql`, "graphql-transport-ws", {
    ca: authority.cert,
    ...client,
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  await once(socket, "message");
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: VIEWER } }));
  const [message] = await once(socket, "message");
  socket.terminate();
  return String(message);
}
