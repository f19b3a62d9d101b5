import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { webhookEvents } from "./webhook-event.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";

const DeleteWebhook = z.object({ webhookId: z.uuid(), reason: text(1_000) });
export type DeleteWebhookInput = z.input<typeof DeleteWebhook>;

const deleteStatement = statement<Webhook>(`
  with deleted as (delete from webhooks w where w.id = $7 and ${inReach("w")} returning w.*),
  happened as (${webhookEvents("deleted", {
    type: "webhook.deleted",
    payload: "jsonb_build_object('state', state)",
    reason: "$8",
    version: "version + 1",
    at: "greatest(clock_timestamp(), updated_at)",
  })}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("deleted")} from deleted`);

/** Removes a webhook with all its deliveries, and gives it as it was. Throws `NotFound`. */
export async function deleteWebhook(runtime: Runtime, caller: Caller, input: DeleteWebhookInput): Promise<Webhook> {
  caller = authorize(caller, "webhook.manage");
  const { webhookId, reason } = parseInput(DeleteWebhook, input);
  const [deleted] = await write(runtime, deleteStatement, [...callerValues(caller), webhookId, reason]);
  if (!deleted) throw new NotFound("webhook");
  return deleted;
}
