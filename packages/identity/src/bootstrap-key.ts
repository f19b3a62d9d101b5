import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";

/** The text is no admin API key. Its message says what to do, and does not repeat the key. */
export class MalformedBootstrapKeyError extends Error {
  override readonly name = "MalformedBootstrapKeyError";
  constructor() {
    super(
      "MUSTER_BOOTSTRAP_KEY is not an admin API key (mst_admin_…, with a valid checksum). " +
        "Copy it again in full, or leave it out and let Muster make one.",
    );
  }
}

const insertKey = statement<never>(
  "insert into api_keys (id, kind, name, hash) values ($1, 'admin', 'bootstrap', $2) on conflict (id) do nothing",
);

/**
 * Makes sure that this admin key exists. A key that was revoked stays revoked. Throws `MalformedBootstrapKeyError` for a
 * text that is none.
 */
export async function ensureBootstrapKey(database: Connection, key: string): Promise<void> {
  const parsed = parseApiKey(key);
  if (parsed?.kind !== "admin") throw new MalformedBootstrapKeyError();
  await database.run(insertKey, [parsed.id, parsed.hash]);
}
