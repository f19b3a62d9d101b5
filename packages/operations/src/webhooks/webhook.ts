import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { webhooks } from "@muster/database/tables/webhooks.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";
import type { WebhookFilter } from "./webhook-filter.ts";

type Row = typeof webhooks.$inferSelect;

/** A webhook as its row is, but for what it signs with. */
export type Webhook = Omit<Row, "secret" | "previousSecret" | "filter"> & { readonly filter: WebhookFilter };

/** What signs its deliveries, sealed. */
export type SealedSecrets = Pick<Row, "secret" | "previousSecret" | "previousSecretUntil">;

/** The select list that turns the row `alias` into a `Webhook`. */
export function webhookColumns(alias: string): string {
  return rowColumns(webhooks, alias, ["secret", "previousSecret"]);
}

/** The select list of `SealedSecrets`; the previous one only while it still signs. */
export function secretColumns(alias: string): string {
  const signs = `${alias}.previous_secret_until > clock_timestamp()`;
  return `${alias}.secret, case when ${signs} then ${alias}.previous_secret end as "previousSecret", ${alias}.previous_secret_until as "previousSecretUntil"`;
}

const lockStatement = statement<Webhook & SealedSecrets>(`
  select ${webhookColumns("w")}, ${secretColumns("w")} from webhooks w
  where w.id = $1 and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3)) for no key update`);

/**
 * The webhook as it is, locked until the transaction ends. Webhooks are locked before their deliveries. Throws `NotFound`
 * where the caller sees none.
 */
export async function lockWebhook(
  transaction: Connection,
  caller: Caller,
  webhookId: string,
): Promise<Webhook & SealedSecrets> {
  const [webhook] = await transaction.run(lockStatement, [webhookId, ...reachOf(caller)]);
  if (!webhook) throw new NotFound("webhook");
  return webhook;
}
