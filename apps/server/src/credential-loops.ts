import { writeLastUsed } from "@muster/identity/last-used.ts";
import { currentSigningKey } from "@muster/identity/signing-keys.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import type { Logger } from "pino";
import { repeat, type Repeating } from "./repeat.ts";

const LAST_USED_MS = 60_000;
/** A key is replaced when it is 30 days old, also where nobody asks for a token. */
const SIGNING_KEYS_MS = 3_600_000;

/** Writes when keys and sessions were last used, and replaces the key that signs tokens in time. */
export function startCredentialLoops({ database, settings }: Runtime, log: Logger): Repeating {
  const lastUsed = repeat("last used", LAST_USED_MS, log, () => writeLastUsed(database));
  const signingKeys = repeat("signing keys", SIGNING_KEYS_MS, log, () =>
    currentSigningKey(database, settings.encryptionKey, "TOKEN"),
  );
  return {
    async stop() {
      await Promise.all([lastUsed.stop(), signingKeys.stop()]);
      await writeLastUsed(database).catch((error: unknown) =>
        log.warn({ err: error }, "the last uses of credentials are lost"),
      );
    },
  };
}
