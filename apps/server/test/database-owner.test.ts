import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { migrate } from "@muster/database/migrate.ts";
import { statement } from "@muster/database/statement.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask } from "./harness.ts";
import { startServerProcess } from "./processes.ts";

const PROGRAM = fileURLToPath(new URL("../src/main.ts", import.meta.url));

// Roles belong to a whole PostgreSQL: this one knows no role of tenants yet.
let folder: string;
let postgres: EmbeddedPostgres;
let administrator: Database;
/** Of an owner who may make no roles. */
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-owner-"));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  administrator = openDatabase({ url: postgres.url, onError: () => {} });
  await run("create role keeper login password 'the-password' nosuperuser nocreaterole nocreatedb");
  await run("create database theirs owner keeper");
  url = Object.assign(new URL(postgres.url), {
    username: "keeper",
    password: "the-password",
    pathname: "/theirs",
  }).href;
});
afterAll(async () => {
  await administrator.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (text: string) => administrator.run(statement(text), []);

/** What the server says instead of starting. */
async function refusal(): Promise<string> {
  const { PATH } = process.env;
  const env = { PATH, DATABASE_URL: url, PORT: "0", MUSTER_DATA_DIR: join(folder, "data"), MUSTER_SUPERVISE: "0" };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  expect(await once(child, "close")).toEqual([1, null]);
  return errors;
}

async function limitedKeyWorks(environment: Record<string, string> = {}): Promise<void> {
  const server = await startServerProcess(url, environment);
  const slug = `w${Date.now()}`;
  const made = await server.ask<{ createWorkspace: { data: { id: string } } }>(
    "mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { ... on CreateWorkspaceSuccess { data { id } } } }",
    { input: { slug, name: "Workspace" } },
  );
  const workspaceId = made.data?.createWorkspace.data.id;
  const key = await server.ask<{ createApiKey: { key: string } }>(
    "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeySuccess { key } } }",
    { input: { workspaceId, role: "VIEWER", name: "viewer" } },
  );
  const { data } = await ask(
    server.url,
    key.data?.createApiKey.key ?? "",
    "query ($id: ID!) { node(id: $id) { id } }",
    {
      id: workspaceId,
    },
  );
  expect(data).toEqual({ node: { id: workspaceId } });
  await server.terminate();
}

it("an owner who may make no roles gets a sentence that says what to do, and either way works", async () => {
  await migrate(url);
  const sentence = await refusal();
  expect(sentence.trimEnd().split("\n")).toHaveLength(1);
  expect(sentence).not.toContain("the-password");
  const [, remedy, alternative] =
    /administrator of the database run: (.*); or do without .*: (MUSTER_\w+=\w+)\.$/m.exec(sentence) ?? [];

  const [name = "", value = ""] = alternative?.split("=") ?? [];
  await limitedKeyWorks({ [name]: value });

  for (const command of remedy?.replace("<the user of DATABASE_URL>", "keeper").split("; ") ?? []) await run(command);
  await limitedKeyWorks();
}, 90_000);
