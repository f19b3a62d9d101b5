import type { Database } from "@muster/database/database.ts";
import { resealSecrets } from "@muster/database/reseal-secrets.ts";
import { type EncryptionKey, keysOf } from "@muster/database/sealed-secret.ts";
import type { Logger } from "pino";
import { type Repeating, repeat } from "./repeat.ts";

const RESEAL_MS = 60_000;

/**
 * While there are previous encryption keys: seals what they have sealed with the newest, at once and again each minute, because a
 * server that does not know the newest yet may still seal with an older one. The log says when the previous ones can go.
 */
export async function startResealing(database: Database, key: EncryptionKey, log: Logger): Promise<Repeating> {
  if (keysOf(key).length === 1) return { stop: async () => {} };
  let said = "";
  const reseal = async () => {
    const { resealed, unopened } = await resealSecrets(database, key);
    if (resealed > 0) log.info({ resealed }, "secrets were sealed anew with the newest encryption key");
    const state = `${resealed} ${unopened}`;
    if (state === said) return;
    said = state;
    if (unopened > 0)
      log.warn(
        { unopened },
        "secrets in the database were sealed with an encryption key that this server does not have",
      );
    else if (resealed === 0)
      log.info(
        "every secret is sealed with the newest encryption key: once that holds on every server, the previous ones can go",
      );
  };
  await reseal();
  return repeat("encryption key", RESEAL_MS, log, reseal);
}
