import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { gone, kill } from "./processes.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/tasks.md", import.meta.url));

let server: TestServer;
let tenant: Tenant;
let blocks: { language: string; text: string }[];
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
  const markdown = await readFile(DOCUMENT, "utf8");
  blocks = [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
});
afterAll(() => server.stop());

/** A task that has ended, or one that waits. */
async function addTask(ended: boolean): Promise<string> {
  const created = await change(server, "createTask", {
    projectId: tenant.projectId,
    kind: "nobody-does-it",
    input: {},
  });
  const taskId = created.data?.["id"] as string;
  if (ended) await change(server, "cancelTask", { taskId, reason: "example" });
  return taskId;
}

/** Sends an operation; a subscription's results are read to their end. */
async function send(query: string, variables: unknown): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: query.startsWith("subscription") ? "text/event-stream" : "application/json",
      authorization: `Bearer ${server.adminKey}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}

it("has GraphQL that does what it says", async () => {
  const examples = blocks.flatMap(({ language, text }, n) =>
    language === "graphql" ? [{ query: text, variables: blocks[n + 1]?.text ?? "" }] : [],
  );
  expect(examples.length).toBeGreaterThan(6);
  for (const { query, variables } of examples) {
    const needsEnd = query.includes("retryTask") || query.startsWith("subscription");
    const filled = variables
      .replaceAll(/prj_[^"]*/g, tenant.projectId)
      .replaceAll("demo/app", tenant.path)
      .replaceAll(/task_[^"]*/g, await addTask(needsEnd));
    const answer = await send(query, JSON.parse(filled));
    if (query.startsWith("subscription")) expect(answer).toMatch(/event: complete/);
    else {
      const { data, errors } = JSON.parse(answer) as { data: Record<string, object>; errors?: unknown };
      expect(errors, query).toBeUndefined();
      const [result] = Object.values(data);
      expect(Object.keys(result ?? {}), query).not.toContain("code");
      expect(Object.keys(result ?? {}), query).not.toContain("issues");
      expect(Object.keys(result ?? {}).length, query).toBeGreaterThan(0);
    }
  }
});

it("has programs that run", async () => {
  const programs = blocks.filter(({ language }) => language === "ts").map(({ text }) => text);
  expect(programs).toHaveLength(2);
  const [client = "", agent = ""] = programs;
  const registered = await createAgent(server, tenant, "counter");
  const run = async (text: string, environment: Record<string, string>) => {
    const path = fileURLToPath(new URL(`fixtures/documented-${crypto.randomUUID()}.ts`, import.meta.url));
    await writeFile(path, text);
    const child = spawn(process.execPath, [path], {
      env: { ...process.env, MUSTER_URL: server.url, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(async () => {
      await kill(child);
      await rm(path, { force: true });
    });
    return child;
  };
  await run(agent, { MUSTER_AGENT_ID: registered.id, MUSTER_AGENT_KEY: registered.key, MUSTER_LOG_LEVEL: "error" });
  const program = await run(client, { MUSTER_KEY: server.adminKey, MUSTER_PROJECT_ID: tenant.projectId });
  let printed = "";
  program.stdout?.on("data", (data) => (printed += String(data)));
  await gone(program);
  expect(printed).toBe("SUCCEEDED { counted: 3 }\n1 { n: 1 }\n2 { n: 2 }\n3 { n: 3 }\n");
}, 30_000);
