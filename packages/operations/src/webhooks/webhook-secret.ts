import { createHmac, randomBytes } from "node:crypto";
import type { SealedSecrets } from "./webhook.ts";
import { type EncryptionKey, openSecret, sealSecret } from "@muster/database/sealed-secret.ts";
import type { OperationSettings } from "../settings.ts";

const SECRET_BYTES = 32;

/** A new secret as its receiver gets it, once (`whsec_` and base64), and as the database keeps it. */
export function newWebhookSecret(settings: OperationSettings, webhookId: string): { secret: string; sealed: string } {
  const bytes = randomBytes(SECRET_BYTES);
  return {
    secret: `whsec_${bytes.toString("base64")}`,
    sealed: sealSecret(keyOf(settings), webhookId, bytes),
  };
}

/** What signs the deliveries of a webhook now, the newest first. Throws `WrongEncryptionKey`. */
export function openWebhookSecrets(
  settings: OperationSettings,
  webhookId: string,
  { secret, previousSecret }: Pick<SealedSecrets, "secret" | "previousSecret">,
): Buffer[] {
  const sealed = previousSecret === null ? [secret] : [secret, previousSecret];
  return sealed.map((one) => openSecret(keyOf(settings), webhookId, one));
}

function keyOf({ encryptionKey }: OperationSettings): EncryptionKey {
  if (encryptionKey === null) throw new Error("This process has no encryption key, so it cannot have webhooks.");
  return encryptionKey;
}

/**
 * The three headers of Standard Webhooks (https://www.standardwebhooks.com): `id` is the same at each attempt, the time is
 * the attempt's in seconds, and there is one signature for each secret.
 */
export function signedHeaders(
  secrets: readonly Uint8Array[],
  id: string,
  at: Date,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
  );
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
