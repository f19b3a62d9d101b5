import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Connection } from "@muster/database/database.ts";
import { type EncryptionKey, openSecret, sealSecret } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import type { SIGNING_PURPOSES } from "@muster/database/tables/signing-keys.ts";
import { v7 } from "uuid";

/** Tokens are for programs of all kinds, which know ES256 best; what audit checkpoints are signed with is Ed25519. */
const ALGORITHMS = { TOKEN: "ES256", AUDIT: "EdDSA" } as const;
export type SigningPurpose = (typeof SIGNING_PURPOSES)[number];

/**
 * SQL: whether a key is too old to sign. Those of the audit log are replaced by hand only: who checks it has pinned the key elsewhere, and
 * would take what another one has signed for forged.
 */
const IS_OLD = "purpose = 'TOKEN' and created_at <= clock_timestamp() - interval '30 days'";
/** The longest life of a token, and a little for clocks that differ. */
export const TOKEN_KEY_OUTLIVES_SECONDS = 3_600 + 300;

export interface SigningKey {
  /** The UUID of its row. */
  readonly kid: string;
  readonly algorithm: (typeof ALGORITHMS)[SigningPurpose];
  readonly privateKey: KeyObject;
}

/** A key that verifies, as a JWK with `kid`, `alg` and `use`. */
export type VerificationKey = JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: "sig" };

const newestKey = statement<{ id: string; privateKey: string; due: boolean }>(`
  select id, private_key as "privateKey", ${IS_OLD} as due
  from signing_keys where purpose = $1 and retired_at is null order by created_at desc limit 1`);

// Of many servers that find no key at once, the first makes one, and the others see it.
const lockPurpose = statement<object>("select pg_advisory_xact_lock(hashtext('muster signing key ' || $1))");

const insertKey = statement<object>(`
  with due as (
    select from (select 1) one where not exists (
      select from signing_keys where purpose = $1 and retired_at is null and not (${IS_OLD}))),
  retired as (
    update signing_keys set retired_at = clock_timestamp(),
      expires_at = case when purpose = 'TOKEN' then clock_timestamp() + interval '${TOKEN_KEY_OUTLIVES_SECONDS} seconds' end
    where purpose = $1 and retired_at is null and exists (select from due)),
  removed as (delete from signing_keys where purpose = 'TOKEN' and expires_at < clock_timestamp() and exists (select from due))
  insert into signing_keys (id, purpose, public_key, private_key) select $2, $1, $3, $4 from due`);

/**
 * The key to sign with, made when there is none, or of tokens when the present one is 30 days old; every server gets the same. Throws
 * `WrongEncryptionKey` when it was sealed with a key that this server does not have.
 */
export async function currentSigningKey(
  database: Connection & { transaction<R>(work: (transaction: Connection) => Promise<R>): Promise<R> },
  encryptionKey: EncryptionKey | null,
  purpose: SigningPurpose,
): Promise<SigningKey> {
  if (encryptionKey === null) throw new TypeError("Signing keys need an encryption key.");
  let [newest] = await database.run(newestKey, [purpose]);
  if (!newest || newest.due) {
    const made = newKey(encryptionKey, purpose);
    await database.transaction(async (transaction) => {
      await transaction.run(lockPurpose, [purpose]);
      await transaction.run(insertKey, [purpose, made.id, JSON.stringify(made.publicKey), made.privateKey]);
    });
    [newest] = await database.run(newestKey, [purpose]);
  }
  if (!newest) throw new Error(`There is no signing key for ${purpose}.`);
  const opened = openSecret(encryptionKey, newest.id, newest.privateKey);
  const privateKey = createPrivateKey({ key: opened, format: "der", type: "pkcs8" });
  return { kid: newest.id, algorithm: ALGORITHMS[purpose], privateKey };
}

function newKey(encryptionKey: EncryptionKey, purpose: SigningPurpose) {
  const id = v7();
  const pair =
    purpose === "TOKEN" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  const privateKey = sealSecret(encryptionKey, id, pair.privateKey.export({ format: "der", type: "pkcs8" }));
  return { id, publicKey: pair.publicKey.export({ format: "jwk" }), privateKey };
}

const keysThatVerify = statement<{ id: string; publicKey: JsonWebKey }>(`
  select id, public_key as "publicKey" from signing_keys
  where purpose = $1 and (expires_at is null or expires_at > clock_timestamp()) order by created_at desc`);

/** Every key whose signatures hold, the newest first. */
export async function verificationKeys(database: Connection, purpose: SigningPurpose): Promise<VerificationKey[]> {
  const rows = await database.run(keysThatVerify, [purpose]);
  return rows.map(({ id, publicKey }) => ({ ...publicKey, kid: id, alg: ALGORITHMS[purpose], use: "sig" }));
}

/** The key itself. */
export function keyObjectOf(key: VerificationKey): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}
