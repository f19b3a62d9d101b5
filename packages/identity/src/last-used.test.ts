import { type Database, openDatabase } from "@muster/database/database.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createKeyFixture, type KeyFixture } from "../test/key-fixture.ts";
import { createApiKey } from "./api-keys/create-api-key.ts";
import { authenticate } from "./authenticate.ts";
import { noteUse, writeLastUsed } from "./last-used.ts";

let fixture: KeyFixture;
let elsewhere: Database;
beforeAll(async () => {
  fixture = await createKeyFixture();
  elsewhere = openDatabase({ url: fixture.database.url });
});
afterAll(async () => {
  await elsewhere.close();
  await fixture.close();
});

async function usedKey(database: Database): Promise<string> {
  const { apiKey, key } = await createApiKey(fixture.runtime, fixture.admin, { name: "ci", role: "VIEWER" });
  const found = await authenticate(database, key);
  if (found) for (let times = 0; times < 100; times += 1) noteUse(database, found);
  return apiKey.id;
}

async function lastUsed(table: string, id: string): Promise<Date | null> {
  const [row] = await fixture.execute<{ at: Date | null }>(`select last_used_at as at from ${table} where id = $1`, id);
  return row?.at ?? null;
}

it("writes the uses of many keys and sessions with one statement, and each once", async () => {
  const keys = [await usedKey(fixture.database), await usedKey(fixture.database)];
  const sessionId = crypto.randomUUID();
  await fixture.execute(
    "insert into sessions (hash, id, api_key_id, expires_at) values ($1::uuid::text, $1::uuid, $2, clock_timestamp() + interval '1 day')",
    sessionId,
    keys[0],
  );
  const session = { ids: [sessionId], expiresAt: null };
  noteUse(fixture.database, { actor: fixture.admin.actor, credentialId: sessionId, standing: session });
  let statements = 0;
  const { run } = fixture.database;
  fixture.database.run = (...parameters) => ((statements += 1), run(...parameters)) as never;
  try {
    await writeLastUsed(fixture.database);
    expect(statements).toBe(1);
    await writeLastUsed(fixture.database);
    expect(statements).toBe(1);
  } finally {
    fixture.database.run = run;
  }
  const times = [
    ...(await Promise.all(keys.map((id) => lastUsed("api_keys", id)))),
    await lastUsed("sessions", sessionId),
  ];
  for (const at of times) expect(Math.abs((at?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);
});

it("never takes a time back, and keeps what could not be written", async () => {
  const id = await usedKey(fixture.database);
  await fixture.execute("update api_keys set last_used_at = clock_timestamp() + interval '1 hour' where id = $1", id);
  const later = await lastUsed("api_keys", id);
  await writeLastUsed(fixture.database);
  expect(await lastUsed("api_keys", id)).toEqual(later);

  const other = await usedKey(elsewhere);
  const { run } = elsewhere;
  elsewhere.run = () => Promise.reject(new Error("away"));
  await expect(writeLastUsed(elsewhere)).rejects.toThrow("away");
  elsewhere.run = run;
  await writeLastUsed(elsewhere);
  expect(await lastUsed("api_keys", other)).not.toBeNull();
});

it("does not wait for another server that writes the same key", async () => {
  const id = await usedKey(fixture.database);
  await elsewhere.transaction(async (transaction) => {
    await transaction.run({ name: "lock-key", text: "select from api_keys where id = $1 for update" }, [id]);
    await writeLastUsed(fixture.database);
  });
  expect(await lastUsed("api_keys", id)).toBeNull();
});
