import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { createTenant, type Tenant } from "./harness.ts";
import { asHarness } from "./plain-agent.ts";
import { eventually, kill, type ServerProcess, startServerProcess } from "./processes.ts";
import { change } from "./sdk-fixtures.ts";
import { databaseForTest } from "./task-consistency.ts";

const BUILDER = fileURLToPath(new URL("../../../agents/builder/", import.meta.url));

/** Literal types of so many members keep the compiler busy for some seconds. */
const SLOW_TYPES = [
  `type Digit = ${Array.from("0123456789", (digit) => `"${digit}"`).join(" | ")};`,
  "type Turn<Text extends string> = Text extends `${infer First}${infer Rest}` ? `${Rest}${First}` : Text;",
  ...Array.from(
    "abcdefgh",
    (name) => `export const ${name} = "" as Turn<Turn<\`${name}\${Digit}\${Digit}\${Digit}\${Digit}\`>> | "";`,
  ),
].join("\n");

async function createRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "muster-plan-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "src"));
  const settings = { compilerOptions: { strict: true, types: [] }, include: ["src"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  await writeFile(join(folder, "src", "index.ts"), SLOW_TYPES);
  const git = (...parameters: string[]) => execFileSync("git", parameters, { cwd: folder, stdio: "ignore" });
  git("init");
  git("add", "--all");
  git(
    "-c",
    "user.name=Demo",
    "-c",
    "user.email=demo@muster.invalid",
    "-c",
    "commit.gpgSign=false",
    "commit",
    "-m",
    "x",
  );
  return folder;
}

/** The shipped builder as a process, on a repository whose types take a while. */
async function startBuilder(server: ServerProcess, tenant: Tenant) {
  const repository = await createRepository();
  const manifest = JSON.parse(await readFile(join(BUILDER, "muster.json"), "utf8")) as Record<string, unknown>;
  const { slug, name, type, capabilities, configSchema } = manifest;
  const definition = { workspaceId: tenant.workspaceId, slug, name, type, capabilities, configSchema };
  await change(asHarness(server), "registerDefinition", definition, "id");
  const answer = await server.ask<{ registerAgent: { data: { id: string }; key: string } }>(
    `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) { ... on RegisterAgentSuccess { key data { id } } ... on Error { message } } }`,
    { input: { projectId: tenant.projectId, definitionSlug: slug, name, config: { repository }, maxConcurrency: 4 } },
  );
  const agent = answer.data?.registerAgent;
  if (!agent?.data) throw new Error(JSON.stringify(answer));
  const child = spawn(process.execPath, [join(BUILDER, "src", "main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      MUSTER_URL: server.url,
      MUSTER_AGENT_ID: agent.data.id,
      MUSTER_AGENT_KEY: agent.key,
      MUSTER_HEARTBEAT_MS: "1000",
      MUSTER_LOG_LEVEL: "error",
    },
  });
  onTestFinished(() => kill(child));
  return agent.data.id;
}

interface TaskRow {
  readonly state: string;
  readonly progressMessage: string | null;
  readonly output: { readonly steps: string[]; readonly bundle: object | null; readonly ok: boolean } | null;
  readonly error: { readonly kind: string } | null;
}
interface ContextRow {
  readonly id: string;
  readonly name: string;
  readonly currentVersion: number;
  readonly data: { readonly steps: string[] } | null;
  readonly rollbackState: string | null;
  readonly rollbackChoices: string[];
  readonly confirmations: { readonly state: string }[];
}

it("a bad plan of the builder is rolled back while it builds, and its next step follows the old one", async () => {
  const patient = { MUSTER_LEASE_MS: "30000", MUSTER_HEARTBEAT_TIMEOUT_MS: "30000", MUSTER_START_TIMEOUT_MS: "30000" };
  const server = await startServerProcess(await databaseForTest(), patient);
  const tenant = await createTenant(asHarness(server));
  const agentId = await startBuilder(server, tenant);
  const node = async <Row>(id: string, fields: string): Promise<Row> => {
    const answer = await server.ask<{ node: Row }>(`query ($id: ID!) { node(id: $id) { ${fields} } }`, { id });
    if (!answer.data?.node) throw new Error(JSON.stringify(answer));
    return answer.data.node;
  };
  const plan = async () => {
    const { contexts } = await node<{ contexts: { edges: { node: ContextRow }[] } }>(
      agentId,
      "... on Agent { contexts { edges { node { id name currentVersion data rollbackState rollbackChoices confirmations { state } } } } }",
    );
    return contexts.edges.map((edge) => edge.node).find(({ name }) => name === "build-plan");
  };
  const start = async (kind: string, input: object) =>
    (await change<{ id: string }>(asHarness(server), "createTask", { projectId: tenant.projectId, kind, input }, "id"))
      .id;
  const task = (id: string) => node<TaskRow>(id, "... on Task { state progressMessage output error { kind } }");
  const ended = (id: string) =>
    eventually(
      () => task(id),
      ({ state }) => ["SUCCEEDED", "FAILED"].includes(state),
      60_000,
    );

  const first = await eventually(plan, (context) => context?.currentVersion === 1, 60_000);
  expect(first?.data).toEqual({ steps: ["check types", "bundle"] });

  // The builder is told to leave out half of it, and does.
  expect(await ended(await start("plan", { steps: ["check types"] }))).toMatchObject({ state: "SUCCEEDED" });
  const bad = await start("build", {});
  await eventually(
    () => task(bad),
    ({ progressMessage }) => progressMessage === "checking types",
    60_000,
  );

  const contextId = first?.id ?? "";
  const toOld = { contextId, toVersion: 1, reason: "builds need a bundle", expectedVersion: 2 };
  await change(asHarness(server), "rollBackContext", toOld, "id");
  const rolledBack = await eventually(plan, (context) => context?.rollbackState !== "PENDING");
  expect(rolledBack).toMatchObject({
    rollbackState: "SUCCEEDED",
    data: { steps: ["check types", "bundle"] },
    confirmations: [{ state: "SUCCEEDED" }],
    rollbackChoices: [],
  });
  // It was in the middle of the bad plan when it heard of it.
  expect(await task(bad)).toMatchObject({ state: "RUNNING", progressMessage: "checking types" });
  const done = await ended(bad);
  expect(done).toMatchObject({
    state: "SUCCEEDED",
    error: null,
    output: { ok: true, steps: ["check types", "bundle"], bundle: { files: 1 } },
  });

  // What was rolled back stays back: the same plan is not taken again, and says so for good.
  expect(await ended(await start("plan", { steps: ["check types"] }))).toMatchObject({
    state: "FAILED",
    error: { kind: "plan_held" },
  });
  expect(await ended(await start("plan", { steps: ["bundle"] }))).toMatchObject({ state: "SUCCEEDED" });
  expect((await ended(await start("build", {}))).output).toMatchObject({ steps: ["bundle"] });
}, 180_000);
