import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { webhookDeliveries } from "@muster/database/tables/webhook-deliveries.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";

/** A delivery as its row is. `number` and `eventId` are decimal. */
export type WebhookDelivery = Omit<typeof webhookDeliveries.$inferSelect, "number" | "eventId"> & {
  readonly number: string;
  readonly eventId: string | null;
};

/** The select list that turns the row `alias` into a `WebhookDelivery`. */
export function deliveryColumns(alias: string): string {
  return rowColumns(webhookDeliveries, alias);
}

const deliveriesById = statement<WebhookDelivery>(`
  select ${deliveryColumns("d")} from webhook_deliveries d join webhooks w on w.id = d.webhook_id
  where d.id = any($1::uuid[]) and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))`);

/** The deliveries with these ids in the caller's reach, in any order. For operations: asks for no permission. */
export async function readDeliveries(
  connection: Connection,
  caller: Caller,
  ids: readonly string[],
): Promise<WebhookDelivery[]> {
  return connection.run(deliveriesById, [ids, ...reachOf(caller)]);
}

/** The delivery. Throws `NotFound` where the caller sees none. */
export async function readDelivery(connection: Connection, caller: Caller, id: string): Promise<WebhookDelivery> {
  const [delivery] = await readDeliveries(connection, caller, [id]);
  if (!delivery) throw new NotFound("webhook delivery");
  return delivery;
}
