import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { resealSecrets } from "./reseal-secrets.ts";
import { type EncryptionKey, openSecret, sealPrefix, sealSecret } from "./sealed-secret.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

const [older, newer, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const secret = Buffer.from("a secret of somebody");
let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url });
});
beforeEach(() => database.query(sql`truncate users, signing_keys, workspaces cascade`));
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function addUser(key: EncryptionKey, owner?: string): Promise<string> {
  const id = randomUUID();
  await database.query(
    sql`insert into users (id, name, totp_secret) values (${id}, 'Ada', ${sealSecret(key, owner ?? id, secret)})`,
  );
  return id;
}

async function sealedOf(table: string, column: string): Promise<{ id: string; sealed: string | null }[]> {
  return database.query(sql`select id, ${sql.identifier(column)} as sealed from ${sql.identifier(table)} order by id`);
}

it("seals everything anew that an older key has sealed, and leaves the rest as it is", async () => {
  const [workspaceId, projectId, webhookId, keyId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const sealed = (owner: string) => sealSecret(older, owner, secret);
  await database.query(sql`insert into workspaces (id, slug, name) values (${workspaceId}, 'w', 'W')`);
  await database.query(
    sql`insert into projects (id, workspace_id, slug, name) values (${projectId}, ${workspaceId}, 'p', 'P')`,
  );
  await database.query(sql`
    insert into webhooks (id, workspace_id, project_id, name, url, filter, secret, previous_secret, cursor)
    values (${webhookId}, ${workspaceId}, ${projectId}, 'hook', 'https://example.org', '{}', ${sealed(webhookId)}, ${sealed(webhookId)}, '')`);
  await database.query(sql`
    insert into signing_keys (id, purpose, public_key, private_key) values (${keyId}, 'AUDIT', '{}', ${sealed(keyId)})`);
  for (let i = 0; i < 450; i += 1) await addUser(older);
  const kept = await addUser(newer);
  const [{ sealed: before } = { sealed: null }] = (await sealedOf("users", "totp_secret")).filter(
    ({ id }) => id === kept,
  );

  expect(await resealSecrets(database, [newer, older])).toEqual({ resealed: 453, unopened: 0 });
  const all = [
    ...(await sealedOf("webhooks", "secret")),
    ...(await sealedOf("webhooks", "previous_secret")),
    ...(await sealedOf("signing_keys", "private_key")),
    ...(await sealedOf("users", "totp_secret")),
  ];
  expect(all).toHaveLength(454);
  for (const { id, sealed: one } of all) expect(openSecret(newer, id, one ?? "")).toEqual(secret);
  expect(all.find(({ id }) => id === kept)?.sealed).toBe(before);
  expect(await resealSecrets(database, newer)).toEqual({ resealed: 0, unopened: 0 });
});

it("leaves what none of the keys opens, or what is another row's, and says how many", async () => {
  await addUser(foreign);
  await addUser(older, "another");
  const before = await sealedOf("users", "totp_secret");
  expect(await resealSecrets(database, [newer, older])).toEqual({ resealed: 0, unopened: 2 });
  expect(await sealedOf("users", "totp_secret")).toEqual(before);
});

it("does not undo what somebody changes meanwhile, and several may do it at once", async () => {
  const id = await addUser(older);
  const changed = sealSecret(older, id, Buffer.from("another secret"));
  let seen = false;
  const interrupted: typeof database = {
    ...database,
    async query<Row>(query: Parameters<typeof database.query>[0]) {
      const rows = await database.query<Row>(query);
      // Between its reading and its writing.
      if (!seen && rows.length > 0) {
        seen = true;
        await database.query(sql`update users set totp_secret = ${changed} where id = ${id}`);
      }
      return rows;
    },
  };
  expect(await resealSecrets(interrupted, [newer, older])).toEqual({ resealed: 0, unopened: 0 });
  expect(await sealedOf("users", "totp_secret")).toEqual([{ id, sealed: changed }]);

  for (let i = 0; i < 60; i += 1) await addUser(older);
  const runs = await Promise.all(Array.from({ length: 4 }, () => resealSecrets(database, [newer, older])));
  expect(runs.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(61);
  const sealed = await sealedOf("users", "totp_secret");
  expect(sealed.every((row) => row.sealed?.startsWith(sealPrefix(newer)))).toBe(true);
});
