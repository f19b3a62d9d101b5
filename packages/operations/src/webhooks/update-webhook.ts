import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { changesOf } from "../changes.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { unlessNameTaken, webhookName, webhookUrl } from "./create-webhook.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";
import { WebhookFilter } from "./webhook-filter.ts";
import { checkWebhookUrl } from "./webhook-url.ts";
import { lockWebhook, type Webhook, webhookColumns } from "./webhook.ts";

const UpdateWebhook = z.object({
  webhookId: z.uuid(),
  name: webhookName.nullish(),
  url: webhookUrl.nullish(),
  filter: WebhookFilter.nullish(),
  expectedVersion: z.number().int().nullish(),
});
export type UpdateWebhookInput = z.input<typeof UpdateWebhook>;

// A new address is tried at once: what the old one failed at says nothing about it.
const updateStatement = statement<Webhook>(`
  with change as (
    select w.id, array_remove(array[
      case when $8::text <> w.name then 'name' end,
      case when $9::text <> w.url then 'url' end,
      case when $10::jsonb <> w.filter then 'filter' end], null) as changed
    from webhooks w where w.id = $7 and ${inReach("w")}
  ),
  updated as (
    update webhooks w
    set name = coalesce($8, w.name), url = coalesce($9, w.url), filter = coalesce($10, w.filter), ${CHANGED},
        failures = case when 'url' = any(c.changed) then 0 else w.failures end,
        retry_at = case when 'url' = any(c.changed) then null else w.retry_at end
    from change c where w.id = c.id and cardinality(c.changed) > 0
    returning w.*, c.changed
  ),
  happened as (${webhookEvents("updated", {
    type: "webhook.updated",
    payload: "jsonb_build_object('changed', changed) || $11::jsonb",
  })}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("updated")} from updated`);

/**
 * Changes what is given of a webhook and leaves the rest. A new filter is for the events that are not queued yet. Throws
 * `NotFound`, `Conflict` when its version is not the expected one, and `InvalidInput` for an address that is never called
 * and for a name that is taken.
 */
export async function updateWebhook(runtime: Runtime, caller: Caller, input: UpdateWebhookInput): Promise<Webhook> {
  caller = authorize(caller, "webhook.manage");
  const given = parseInput(UpdateWebhook, input);
  const url = given.url ? checkWebhookUrl(given.url, runtime.settings.webhooks) : null;
  return unlessNameTaken(given.name, () =>
    writeAll(runtime, async (transaction) => {
      const webhook = await lockWebhook(transaction, caller, given.webhookId);
      const expected = given.expectedVersion ?? webhook.version;
      if (expected !== webhook.version)
        throw new Conflict("webhook version", String(expected), String(webhook.version));
      const [updated] = await transaction.run(updateStatement, [
        ...callerValues(caller),
        given.webhookId,
        given.name ?? null,
        url,
        given.filter ? JSON.stringify(given.filter) : null,
        describeChange(webhook, { ...given, url }),
      ]);
      return updated ?? webhook;
    }),
  );
}

/** Before and after for the event. Of the address the host alone: any other part may be a secret. */
function describeChange(
  webhook: Pick<Webhook, "name" | "url" | "filter">,
  { name, url, filter }: Pick<UpdateWebhookInput, "name" | "url" | "filter">,
): string {
  const { before, after } = JSON.parse(
    changesOf(webhook, { name: name ?? undefined, url: url ?? undefined, filter: filter ?? undefined }),
  );
  if (url && before.url) [before.host, after.host] = [new URL(before.url).host, new URL(after.url).host];
  delete before.url;
  delete after.url;
  return JSON.stringify({ before, after });
}
