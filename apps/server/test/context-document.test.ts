import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type Answer, createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually, kill } from "./processes.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/contexts.md", import.meta.url));

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface Block {
  readonly language: string;
  readonly text: string;
}

async function blocksOf(path: string): Promise<Block[]> {
  const markdown = await readFile(path, "utf8");
  const found = markdown.matchAll(/^ *```(\w+)\n(.*?)^ *```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Runs the program as an agent until the test ends, and waits until it uses the context. */
async function runAgent(program: string, contextId: string): Promise<string> {
  const agent = await createAgent(server, tenant, "planner");
  const path = fileURLToPath(new URL(`fixtures/documented-${crypto.randomUUID()}.ts`, import.meta.url));
  await writeFile(path, program);
  const child = spawn(process.execPath, [path], {
    env: {
      ...process.env,
      MUSTER_URL: server.url,
      MUSTER_AGENT_ID: agent.id,
      MUSTER_AGENT_KEY: agent.key,
      MUSTER_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  onTestFinished(async () => {
    await kill(child);
    await rm(path, { force: true });
  });
  await eventually(
    () =>
      server.ask<{ node: { readers: { version: number | null }[] } }>(
        `query ($id: ID!) { node(id: $id) { ... on Context { readers { version } } } }`,
        { id: contextId },
      ),
    ({ data }) => data?.node.readers.some(({ version }) => version === 3) ?? false,
  );
  return agent.id;
}

it("tells a story that happens as it says", { timeout: 90_000 }, async () => {
  const blocks = await blocksOf(DOCUMENT);
  /** What stands for an id, and the id. */
  const ids = new Map([["prj_01kagq…", tenant.projectId]]);
  let compared = 0;
  for (const [at, { language, text }] of blocks.entries()) {
    if (language === "ts") ids.set("agent_…", await runAgent(text, ids.get("ctx_…") ?? ""));
    if (language !== "graphql") continue;
    const [variables, expected] = [blocks[at + 1], blocks[at + 2]].map((block) =>
      block?.language === "json" ? (JSON.parse(block.text) as object) : null,
    );
    let filled = JSON.stringify(variables);
    for (const [placeholder, id] of ids) filled = filled.replaceAll(placeholder, id);
    const send = () => server.ask<Record<string, object>>(text, JSON.parse(filled));
    if (!expected) {
      const { openContext } = (await send()).data as { openContext: { data: { id: string } } };
      ids.set(filled.includes('"notes"') ? "ctx_notes…" : "ctx_…", openContext.data.id);
      continue;
    }
    // What a query says of the agent is so once the agent has answered.
    const isQuery = text.trimStart().startsWith("query");
    const asExpected = ({ data }: Answer<Record<string, object>>) => isDeepStrictEqual({ data }, expected);
    const { data, errors } = isQuery ? await eventually(send, asExpected).catch(send) : await send();
    expect({ data, ...(errors ? { errors } : {}) }, text).toEqual(expected);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(10);
});
