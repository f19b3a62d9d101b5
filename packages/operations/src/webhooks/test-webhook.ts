import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound, WrongEncryptionKey } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { newId } from "../new-id.ts";
import type { Runtime } from "../runtime.ts";
import { TEST_TYPE, testBody } from "./delivery-body.ts";
import { deliveryColumns, type WebhookDelivery } from "./delivery.ts";
import { post, type PostOutcome } from "./post.ts";
import { openWebhookSecrets, signedHeaders } from "./webhook-secret.ts";
import { type SealedSecrets, secretColumns, type Webhook, webhookColumns } from "./webhook.ts";

const TestWebhook = z.object({ webhookId: z.uuid() });
export type TestWebhookInput = z.input<typeof TestWebhook>;

const readWebhook = statement<Webhook & SealedSecrets>(`
  select ${webhookColumns("w")}, ${secretColumns("w")} from webhooks w
  where w.id = $1 and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))`);

const insertResult = statement<WebhookDelivery>(`
  insert into webhook_deliveries as d (id, webhook_id, type, subject_id, body, state, attempts, last_attempt_at, last_status,
    last_error, response_excerpt, duration_ms, finished_at)
  select $2, w.id, '${TEST_TYPE}', w.id, $3, case when $5::text is null then 'SUCCEEDED' else 'FAILED' end, 1,
    clock_timestamp() - $7::float8 * interval '1 millisecond', $4, $5, $6, $7, clock_timestamp()
  from webhooks w where w.id = $1
  returning ${deliveryColumns("d")}`);

/**
 * Sends a signed `muster.test` now, also while the webhook is paused, and gives how that went, which is in the log of its
 * deliveries too. It is sent once: a failure counts for nothing. Throws `NotFound`.
 */
export async function testWebhook(runtime: Runtime, caller: Caller, input: TestWebhookInput): Promise<WebhookDelivery> {
  caller = authorize(caller, "webhook.manage");
  const { webhookId } = parseInput(TestWebhook, input);
  const { database, settings } = runtime;
  const [webhook] = await database.run(readWebhook, [webhookId, ...reachOf(caller)]);
  if (!webhook) throw new NotFound("webhook");
  const id = newId();
  const body = testBody({ webhookId, projectId: webhook.projectId, cursor: webhook.cursor });
  const send = async (): Promise<PostOutcome> => {
    const secrets = openWebhookSecrets(settings, webhookId, webhook);
    const headers = signedHeaders(secrets, formatId("webhookDelivery", id), new Date(), body);
    return post({ url: webhook.url, headers, body }, settings.webhooks);
  };
  const { status, error, excerpt, durationMs } = await send().catch((failure: unknown) => {
    if (!(failure instanceof WrongEncryptionKey)) throw failure;
    return { status: null, error: failure.message, excerpt: null, durationMs: 0 };
  });
  const [delivery] = await database.run(insertResult, [webhookId, id, body, status, error, excerpt, durationMs]);
  if (!delivery) throw new NotFound("webhook");
  return delivery;
}
