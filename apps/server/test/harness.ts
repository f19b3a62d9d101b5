import { randomBytes } from "node:crypto";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { onTestFinished } from "vitest";
import { createLogger } from "../src/logger.ts";
import { readSettings, type ServerSettings } from "../src/settings.ts";
import { startServer } from "../src/start-server.ts";

export interface Answer<Data = Record<string, never>> {
  readonly status: number;
  readonly data: Data | null;
  readonly errors: readonly { message: string; path?: string[]; extensions: { code: string } }[] | undefined;
}

export interface TestServer {
  readonly url: string;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly signInUrl: string | null;
  /** Sends one operation over HTTP, as the admin unless another key is given. */
  ask<Data>(query: string, variables?: unknown, key?: string): Promise<Answer<Data>>;
  stop(): Promise<void>;
}

/** A whole server in this process on a database of its own; without supervisor and demo. Ends with the test or suite. */
export async function startTestServer(
  environment: Record<string, string> = {},
  settingsInCode: Partial<ServerSettings> = {},
  log?: Logger,
): Promise<TestServer> {
  const database = await createTestDatabase();
  const server = await startServerOn(database.url, environment, settingsInCode, log);
  let stopping: Promise<void> | null = null;
  return {
    ...server,
    stop: () => (stopping ??= server.stop().then(() => database.drop())),
  };
}

/** As `startTestServer`, on a database that there is: another one of several servers. */
export async function startServerOn(
  databaseUrl: string,
  environment: Record<string, string> = {},
  settingsInCode: Partial<ServerSettings> = {},
  log?: Logger,
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-server-test-"));
  const adminKey = newAdminKey();
  const settings = {
    ...readSettings({
      DATABASE_URL: databaseUrl,
      PORT: "0",
      MUSTER_DATA_DIR: dataDir,
      MUSTER_BOOTSTRAP_KEY: adminKey,
      MUSTER_LOG_LEVEL: "silent",
      MUSTER_SUPERVISE: "0",
      ...environment,
    }),
    ...settingsInCode,
  };
  const server = await startServer(settings, log ?? createLogger(settings.logLevel));
  let stopped = false;
  return {
    url: server.url,
    adminKey,
    databaseUrl,
    signInUrl: server.signInUrl,
    ask: (query, variables, key = adminKey) => ask(server.url, key, query, variables),
    async stop() {
      if (stopped) return;
      stopped = true;
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Sends one operation over HTTP. */
export async function ask<Data>(
  url: string,
  key: string | null,
  query: string,
  variables?: unknown,
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: Data | null; errors?: Answer["errors"] };
  return { status: response.status, data: body.data ?? null, errors: body.errors };
}

export interface Tenant {
  readonly workspaceId: string;
  readonly projectId: string;
  readonly path: string;
}

/** A workspace and a project of their own, with a definition `worker` that any agent can have. */
export async function createTenant(server: TestServer): Promise<Tenant> {
  const name = `t${randomBytes(5).toString("hex")}`;
  const workspace = await server.ask<{ createWorkspace: { data: { id: string } } }>(
    `mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { ... on CreateWorkspaceSuccess { data { id } } } }`,
    { input: { slug: name, name } },
  );
  const workspaceId = workspace.data?.createWorkspace.data.id ?? "";
  const project = await server.ask<{ createProject: { data: { id: string; path: string } } }>(
    `mutation ($input: CreateProjectInput!) { createProject(input: $input) { ... on CreateProjectSuccess { data { id path } } } }`,
    { input: { workspaceId, slug: "app", name: "App" } },
  );
  await server.ask(
    `mutation ($input: RegisterDefinitionInput!) { registerDefinition(input: $input) { __typename ... on Error { message } } }`,
    { input: { workspaceId, slug: "worker", name: "Worker", type: "worker", capabilities: ["work"] } },
  );
  return {
    workspaceId,
    projectId: project.data?.createProject.data.id ?? "",
    path: project.data?.createProject.data.path ?? "",
  };
}

/** Registers an agent of the tenant's `worker` definition. */
export async function createAgent(server: TestServer, tenant: Tenant, name: string, more: object = {}) {
  const answer = await server.ask<{ registerAgent: { data: { id: string }; key: string } }>(
    `mutation ($input: RegisterAgentInput!) {
       registerAgent(input: $input) { ... on RegisterAgentSuccess { key data { id } } ... on Error { code message } }
     }`,
    { input: { projectId: tenant.projectId, definitionSlug: "worker", name, ...more } },
  );
  const registered = answer.data?.registerAgent;
  if (!registered?.data) throw new Error(JSON.stringify(answer));
  return { id: registered.data.id, key: registered.key };
}

/** A server for one test. */
export async function serverForTest(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  return server;
}
