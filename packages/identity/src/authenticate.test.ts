import { everywhere, within } from "@muster/domain/actor.ts";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { formatApiKey, hashApiKey, parseApiKey } from "@muster/domain/api-key.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { v7 } from "uuid";
import { authenticate } from "./authenticate.ts";
import { ensureBootstrapKey, MalformedBootstrapKeyError } from "./bootstrap-key.ts";
import { newAdminKey } from "./new-admin-key.ts";

let place: TestDatabase;
let database: Database;
const [workspaceId, projectId, agentId, definitionId] = [v7(), v7(), v7(), v7()];

const execute = (text: string, ...values: unknown[]) => database.run(statement(text), values);

beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url });
  await execute(`insert into workspaces (id, slug, name) values ($1, 'demo', 'Demo')`, workspaceId);
  await execute(
    `insert into projects (id, workspace_id, slug, name) values ($1, $2, 'app', 'App')`,
    projectId,
    workspaceId,
  );
  await execute(
    `
    insert into agent_definitions (id, slug, name, type, capabilities, config_schema, metadata)
    values ($1, 'builder', 'Builder', 'process', '{}', '{}', '{}')`,
    definitionId,
  );
  await execute(
    `
    insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata)
    values ($1, 1, 'process', '{}', '{}', '{}')`,
    definitionId,
  );
  await execute(
    `
    insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, capabilities)
    values ($1, $2, $3, $4, 1, 'builder-1', '{}')`,
    agentId,
    workspaceId,
    projectId,
    definitionId,
  );
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

async function agentKey(): Promise<{ key: string; id: string }> {
  const id = v7();
  const key = formatApiKey("agent", id, randomBytes(32));
  await execute(
    `
    insert into api_keys (id, kind, name, hash, workspace_id, project_id, agent_id)
    values ($1, 'agent', 'builder-1', $2, $3, $4, $5)`,
    id,
    hashApiKey(key),
    workspaceId,
    projectId,
    agentId,
  );
  return { key, id };
}

/** Until the key no longer works, in milliseconds. */
async function timeUntilRefused(key: string): Promise<number> {
  const started = performance.now();
  while ((await authenticate(database, key)) !== null) {
    if (performance.now() - started > 5_000) return Number.POSITIVE_INFINITY;
    await sleep(20);
  }
  return performance.now() - started;
}

describe("authenticate", () => {
  it("knows an admin key: everything, everywhere", async () => {
    const key = newAdminKey();
    expect(await authenticate(database, key)).toBeNull();
    await ensureBootstrapKey(database, key);
    await ensureBootstrapKey(database, key);
    const id = parseApiKey(key)?.id;
    expect(await authenticate(database, key)).toEqual({
      actor: { kind: "API_KEY", id, name: "bootstrap", reach: everywhere, permissions: new Set(PERMISSIONS) },
      credentialId: id,
      standing: { ids: [id], expiresAt: null },
    });
  });

  it("knows an agent's key: that agent, in its project", async () => {
    const { key, id } = await agentKey();
    const permissions = new Set(AGENT_PERMISSIONS);
    expect(await authenticate(database, key)).toEqual({
      actor: { kind: "AGENT", id: agentId, name: "builder-1", reach: within(workspaceId, projectId), permissions },
      credentialId: id,
      standing: { ids: [id, agentId], expiresAt: null },
    });
  });

  it("refuses anything else", async () => {
    const { key, id } = await agentKey();
    const other = formatApiKey("agent", id, randomBytes(32));
    const asAdmin = formatApiKey("admin", id, randomBytes(32));
    const malformed = [
      "",
      "x",
      key.slice(0, -1),
      `${key}0`,
      key.toUpperCase(),
      ` ${key}`,
      key.replace("agent", "admin"),
      "\0",
      "\ud800",
    ];
    for (const text of [other, asAdmin, newAdminKey(), ...malformed])
      expect(await authenticate(database, text)).toBeNull();
    // Right in the database, but stored as another kind.
    await execute(`update api_keys set hash = $1 where id = $2`, hashApiKey(asAdmin), id);
    expect(await authenticate(database, formatApiKey("admin", id, randomBytes(32)))).toBeNull();
    expect(await authenticate(database, asAdmin)).toBeNull();
  });

  it("notices within two seconds that a key was revoked, while it is in use", async () => {
    const { key, id } = await agentKey();
    expect(await authenticate(database, key)).not.toBeNull();
    await execute(`update api_keys set revoked_at = clock_timestamp() where id = $1`, id);
    expect(await timeUntilRefused(key)).toBeLessThan(2_000);
  });

  it("lets an agent's key end with the agent", async () => {
    const { key } = await agentKey();
    expect(await authenticate(database, key)).not.toBeNull();
    await execute(`update agents set state = 'DECOMMISSIONED' where id = $1`, agentId);
    expect(await timeUntilRefused(key)).toBeLessThan(2_000);
    await execute(`update agents set state = 'OFFLINE' where id = $1`, agentId);
  });

  it("asks the database once for many requests at once, and again after a failure", async () => {
    const { key } = await agentKey();
    let asked = 0;
    let away = true;
    const counting: Database = {
      ...database,
      async run(lookUp, values) {
        asked++;
        if (away) throw new Error("the database is away");
        return database.run(lookUp, values);
      },
    };
    await expect(authenticate(counting, key)).rejects.toThrow("away");
    away = false;
    const actors = await Promise.all(Array.from({ length: 20 }, () => authenticate(counting, key)));
    expect(actors.every((found) => found?.actor.id === agentId)).toBe(true);
    expect(asked).toBe(2);
  });
});

describe("ensureBootstrapKey", () => {
  it("refuses what is no admin key, and does not repeat it", async () => {
    const { key } = await agentKey();
    for (const text of ["", "secret-by-hand", key, `${newAdminKey()}x`]) {
      const failure = await ensureBootstrapKey(database, text).catch((error: Error) => error);
      expect(failure).toBeInstanceOf(MalformedBootstrapKeyError);
      expect(text !== "" && String(failure).includes(text)).toBe(false);
    }
  });

  it("leaves a revoked key revoked", async () => {
    const key = newAdminKey();
    await ensureBootstrapKey(database, key);
    await execute(`update api_keys set revoked_at = clock_timestamp() where id = $1`, parseApiKey(key)?.id);
    await ensureBootstrapKey(database, key);
    expect(await authenticate(database, key)).toBeNull();
  });
});
