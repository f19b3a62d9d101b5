import type { Database } from "@muster/database/database.ts";
import type { EncryptionKey } from "@muster/database/sealed-secret.ts";
import { currentSigningKey, type SigningKey } from "../signing-keys.ts";
import { type CheckpointClaims, signCheckpoint } from "./checkpoint.ts";

/** Signs checkpoints with the present key for them. */
export interface CheckpointSigner {
  sign(claims: CheckpointClaims): Promise<{ readonly keyId: string; readonly jws: string }>;
}

/** So long a key that was opened is used without asking whether there is a newer one. */
const KEPT_MS = 60_000;

/** Signs with the installation's own key, which is made when there is none. Throws `WrongEncryptionKey` like `currentSigningKey`. */
export function createCheckpointSigner(database: Database, encryptionKey: EncryptionKey | null): CheckpointSigner {
  let kept: { readonly key: SigningKey; readonly until: number } | null = null;
  return {
    async sign(claims) {
      if (!kept || performance.now() > kept.until)
        kept = {
          key: await currentSigningKey(database, encryptionKey, "AUDIT"),
          until: performance.now() + KEPT_MS,
        };
      const { kid, privateKey } = kept.key;
      return { keyId: kid, jws: await signCheckpoint(claims, { id: kid, privateKey }) };
    },
  };
}
