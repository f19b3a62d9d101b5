import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { WrongEncryptionKey } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";
import { newWebhookSecret, openWebhookSecrets } from "./webhook-secret.ts";
import type { OperationSettings } from "../settings.ts";
import { lockWebhook, type SealedSecrets, type Webhook, webhookColumns } from "./webhook.ts";

const RotateWebhookSecret = z.object({ webhookId: z.uuid() });
export type RotateWebhookSecretInput = z.input<typeof RotateWebhookSecret>;

/** So long the secret before signs as well, for receivers to change over. */
const OVERLAP = "24 hours";

const rotateStatement = statement<Webhook>(`
  with rotated as (
    update webhooks w set secret = $8, previous_secret = $9::text, ${CHANGED},
      previous_secret_until = case when $9::text is not null then clock_timestamp() + interval '${OVERLAP}' end
    where w.id = $7 and ${inReach("w")} returning w.*
  ),
  happened as (${webhookEvents("rotated", {
    type: "webhook.secret_rotated",
    payload: "jsonb_build_object('previousUntil', previous_secret_until)",
  })}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("rotated")} from rotated`);

/**
 * Gives a webhook a new secret, shown this once. For 24 hours the one before signs as well, unless it was sealed with
 * an encryption key that is lost. Throws `NotFound`.
 */
export async function rotateWebhookSecret(
  runtime: Runtime,
  caller: Caller,
  input: RotateWebhookSecretInput,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  caller = authorize(caller, "webhook.manage");
  const { webhookId } = parseInput(RotateWebhookSecret, input);
  const { settings } = runtime;
  const { secret, sealed } = newWebhookSecret(settings, webhookId);
  const webhook = await writeAll(runtime, async (transaction: Connection) => {
    const locked = await lockWebhook(transaction, caller, webhookId);
    const previous = canOpen(settings, locked) ? locked.secret : null;
    const [rotated] = await transaction.run(rotateStatement, [...callerValues(caller), webhookId, sealed, previous]);
    return rotated ?? locked;
  });
  return { webhook, secret };
}

function canOpen(settings: OperationSettings, { id, secret }: Webhook & SealedSecrets): boolean {
  try {
    openWebhookSecrets(settings, id, { secret, previousSecret: null });
    return true;
  } catch (error) {
    if (error instanceof WrongEncryptionKey) return false;
    throw error;
  }
}
