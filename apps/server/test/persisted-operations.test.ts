import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONNECT_AGENT } from "@muster/agent/documents.ts";
import { createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { serverSentEvents } from "@muster/client/server-sent-events.ts";
import { webSocket } from "@muster/client/web-socket.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PERSIST } from "../src/shipped-operations.ts";
import { createAgent, createTenant, startServerOn, type Tenant, type TestServer } from "./harness.ts";
import { bodyOf, transportsOf } from "./transports.ts";

const CONSOLE = new URL("../../console/src/api/generated/persisted-documents.json", import.meta.url);
const PROGRAM = fileURLToPath(new URL("../../launcher/src/persist.ts", import.meta.url));
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const named = (sha256Hash: string, variables: object = {}, query = "") =>
  JSON.stringify({ query, variables, extensions: { persistedQuery: { version: 1, sha256Hash } } });

/** One that runs everything, and one that runs known operations only, over the same database. */
let open: TestServer;
let only: TestServer;
let tenant: Tenant;
let dropDatabase: () => Promise<void>;
let documents: Record<string, string>;

beforeAll(async () => {
  const database = await createTestDatabase();
  dropDatabase = () => database.drop();
  open = await startServerOn(database.url);
  only = await startServerOn(database.url, { MUSTER_OPERATIONS: "persisted" });
  tenant = await createTenant(open);
  documents = JSON.parse(await readFile(CONSOLE, "utf8")) as Record<string, string>;
});
afterAll(async () => {
  await Promise.all([open.stop(), only.stop()]);
  await dropDatabase();
});

async function persist(texts: string[], key = open.adminKey) {
  const { data } = await open.ask<{
    persistOperations: { __typename: string; data?: string[]; added?: number; code?: string };
  }>(PERSIST, { input: { documents: texts } }, key);
  return data?.persistOperations;
}

describe.each([
  ["one that runs everything", () => open],
  ["one that runs known operations only", () => only],
])("a server, %s", (_kind, server) => {
  describe.each(transportsOf(server))("over %s", (_name, send) => {
    it("runs what is named by its hash, as the console does", async () => {
      const [hash = "", text = ""] =
        Object.entries(documents).find(([, each]) => /query \w+ \{[^$]*viewer/.test(each)) ?? [];
      expect(text).not.toBe("");
      const { code, data } = await send(named(hash.replace("sha256:", "")));
      expect(code).toBeUndefined();
      // Its cache needs the type of everything, which it would ask for in a text of its own.
      expect(JSON.stringify(data)).toContain('"__typename":"Viewer"');
    });

    it("runs what was made known on another server", async () => {
      const text = `{ viewer { permissions } } # ${_kind} ${_name}`;
      expect((await send(named(hashOf(text)))).code).toBe("PERSISTED_QUERY_NOT_FOUND");
      expect(await persist([text])).toMatchObject({ data: [hashOf(text)], added: 1 });
      expect((await send(named(hashOf(text)))).data).toHaveProperty("viewer");
      expect((await send(JSON.stringify({ query: "", documentId: `sha256:${hashOf(text)}` }))).data).toHaveProperty(
        "viewer",
      );
      expect((await send(bodyOf(text))).data).toHaveProperty("viewer");
    });

    it("refuses a hash of another text, and what is no hash", async () => {
      const text = "{ viewer { permissions } }";
      expect(await send(named(hashOf("{ another }"), {}, text))).toMatchObject({ code: "BAD_REQUEST" });
      for (const hash of ["", "abc", `${hashOf(text)}0`, 7 as never, hashOf(text).toUpperCase()]) {
        expect((await send(named(hash))).code).toBe("BAD_REQUEST");
      }
    });
  });
});

describe("a server that runs known operations only", () => {
  it.each(transportsOf(() => only))("refuses every other text over %s", async (_name, send) => {
    for (const text of ["{ viewer { permissions } } # unknown", getIntrospectionQuery(), "{ nonsense", ""]) {
      const { code, data } = await send(bodyOf(text));
      expect(code).toMatch(/PERSISTED_QUERY_ONLY|BAD_REQUEST/);
      expect(data ?? null).toBeNull();
      expect((await send(named(hashOf(text), {}, text || " "))).code).toMatch(/PERSISTED_QUERY_ONLY|BAD_REQUEST/);
    }
  });

  it("runs what agents on the SDK send", async () => {
    const agent = await createAgent(open, tenant, "worker");
    const { data } = await only.ask<{ result: { __typename: string } }>(
      String(CONNECT_AGENT),
      { input: { agentId: agent.id } },
      agent.key,
    );
    expect(data?.result.__typename).toBe("ConnectAgentSuccess");
  });

  it.each([
    ["WebSocket", webSocket],
    ["server-sent events", serverSentEvents],
  ])("serves clients that send hashes alone, also subscriptions over %s", async (_name, transport) => {
    const events = `subscription ($project: ID!) { events(project: $project) { __typename } } # ${_name}`;
    const query = `{ viewer { permissions } } # ${_name} by client`;
    await persist([events, query]);
    const persisted = (text: string) => (text === events || text === query ? hashOf(text) : null);
    const client = createClient({ url: only.url, credentials: () => open.adminKey, transport, persisted });
    onTestFinished(() => client.close());
    expect(await client.execute(document<{ viewer: object }, object>(query), {})).toHaveProperty("viewer");
    for await (const frame of client.subscribe(document<{ events: object }, object>(events), {
      project: tenant.projectId,
    })) {
      expect(frame.events).toEqual({ __typename: "Bookmark" });
      break;
    }
  });
});

describe("making operations known", () => {
  it("is done by npm run persist, also where nothing else is run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "muster-persist-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [list, map] = [join(folder, "list.json"), join(folder, "map.json")];
    const text = "{ viewer { actor { name } } } # by command";
    await writeFile(list, JSON.stringify([text, "{ viewer { permissions } } # by command"]));
    await writeFile(map, JSON.stringify({ [`sha256:${hashOf(text)}`]: text }));
    const run = async (file: string) => {
      const { port } = new URL(only.url);
      const child = spawn(process.execPath, [PROGRAM, file, "--port", port, "--data-dir", folder], {
        env: { ...process.env, MUSTER_BOOTSTRAP_KEY: only.adminKey },
      });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (more: Buffer) => (printed += String(more)));
      const [code] = (await once(child, "close")) as [number];
      return [code, printed];
    };
    expect((await only.ask(text)).errors?.[0]?.extensions.code).toBe("PERSISTED_QUERY_ONLY");
    expect(await run(list)).toEqual([0, "2 operations, of which 2 are new.\n"]);
    expect(await run(map)).toEqual([0, "1 operations, of which 0 are new.\n"]);
    expect((await only.ask(text)).errors).toBeUndefined();
    await writeFile(list, "[1]");
    expect(await run(list)).toEqual([1, expect.stringMatching(/holds no operations/)]);
    await writeFile(list, '["{"]');
    expect(await run(list)).toEqual([1, expect.stringMatching(/is no GraphQL document/)]);
  });

  it("is for who manages the keys of the installation, takes documents only, and is an event", async () => {
    const agent = await createAgent(open, tenant, "curious");
    expect(await persist(["{ viewer { permissions } }"], agent.key)).toMatchObject({ code: "FORBIDDEN" });
    expect(await persist(["{ viewer {"])).toMatchObject({ code: "INVALID_INPUT" });
    expect(await persist([])).toMatchObject({ code: "INVALID_INPUT" });
    const text = "{ viewer { permissions } } # twice";
    expect(await persist([text, text])).toMatchObject({ data: [hashOf(text), hashOf(text)], added: 1 });
    expect(await persist([text])).toMatchObject({ added: 0 });
  });
});
