import { randomBytes } from "node:crypto";
import { WrongEncryptionKey } from "@muster/domain/errors.ts";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createKeyFixture, type KeyFixture } from "../test/key-fixture.ts";
import { createApiKey } from "./api-keys/create-api-key.ts";
import { authenticate } from "./authenticate.ts";
import { authenticateToken } from "./authenticate-token.ts";
import { currentSigningKey, verificationKeys } from "./signing-keys.ts";
import { signToken, type TokenClaims } from "./tokens/access-token.ts";
import { issueToken } from "./tokens/issue-token.ts";

let fixture: KeyFixture;
/** Another server on the same database. */
let elsewhere: Database;
beforeEach(async () => {
  fixture = await createKeyFixture();
  elsewhere = openDatabase({ url: fixture.database.url });
});
afterEach(async () => {
  await elsewhere.close();
  await fixture.close();
});

/** Ten at once, on two servers whose connections are open already. */
async function tenAtOnce() {
  const databases = Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? elsewhere : fixture.database));
  await Promise.all(databases.map((database) => database.run(statement("select pg_sleep(0.2)"), [])));
  return Promise.all(databases.map((database) => current(database)));
}

const current = (database: Database = fixture.database) =>
  currentSigningKey(database, fixture.runtime.settings.encryptionKey, "TOKEN");
const age = (days: number) =>
  fixture.execute(
    "update signing_keys set created_at = created_at - make_interval(days => $1) where retired_at is null",
    days,
  );

it("is one for ten servers that begin at once, and sealed", async () => {
  const keys = await tenAtOnce();
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
  const rows = await fixture.execute<{ key: string }>("select private_key as key from signing_keys");
  expect(rows).toHaveLength(1);
  expect(rows[0]?.key).toMatch(/^v1\./);
  await expect(currentSigningKey(fixture.database, randomBytes(32), "TOKEN")).rejects.toBeInstanceOf(
    WrongEncryptionKey,
  );
});

it("is replaced by one other after 30 days, and verifies until its last token has ended", async () => {
  const old = await current();
  await age(29);
  expect((await current()).kid).toBe(old.kid);
  await age(2);
  const keys = await tenAtOnce();
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
  expect(keys[0]?.kid).not.toBe(old.kid);
  expect((await verificationKeys(elsewhere, "TOKEN")).map(({ kid }) => kid)).toEqual([keys[0]?.kid, old.kid]);
  await fixture.execute("update signing_keys set expires_at = clock_timestamp() where id = $1", old.kid);
  expect((await verificationKeys(elsewhere, "TOKEN")).map(({ kid }) => kid)).toEqual([keys[0]?.kid]);
});

it("is read again for a token of a key that came later, and not taken any more once it has ended", async () => {
  const { apiKey, key } = await createApiKey(fixture.runtime, fixture.admin, { name: "ci", role: "VIEWER" });
  const found = await authenticate(fixture.database, key);
  const caller = {
    ...fixture.admin,
    actor: found?.actor ?? fixture.admin.actor,
    origin: { credentialId: apiKey.id, address: null },
  };
  const issue = async () => (await issueToken(fixture.runtime, caller, {})).token;
  const first = await issue();
  expect(await authenticateToken(elsewhere, first)).not.toBeNull();
  const old = await current();
  await age(31);
  const second = await issue();
  await expect.poll(() => authenticateToken(elsewhere, second), { timeout: 3_000 }).not.toBeNull();
  expect(await authenticateToken(elsewhere, first)).not.toBeNull();
  await fixture.execute("update signing_keys set expires_at = clock_timestamp() where id = $1", old.kid);
  const again = openDatabase({ url: fixture.database.url });
  const late = await signToken(old, decodeJwt(first) as unknown as TokenClaims);
  expect(await authenticateToken(again, late)).toBeNull();
  await again.close();
});
