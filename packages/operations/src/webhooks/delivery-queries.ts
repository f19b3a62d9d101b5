import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { WEBHOOK_DELIVERY_STATES } from "@muster/domain/webhook-lifecycle.ts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { deliveryColumns, readDeliveries, type WebhookDelivery } from "./delivery.ts";

const Filter = z.object({
  states: z.array(z.enum(WEBHOOK_DELIVERY_STATES)).nullish(),
  /** Of events of one of these types. */
  types: z.array(text(100)).max(100).nullish(),
});
export type WebhookDeliveryFilter = z.input<typeof Filter>;

/** The deliveries with these ids that the caller may see, in any order. */
export async function getWebhookDeliveries(
  runtime: Runtime,
  caller: Caller,
  ids: readonly string[],
): Promise<WebhookDelivery[]> {
  caller = authorize(caller, "webhook.read");
  return readDeliveries(runtime.database, caller, ids);
}

/** A page of the deliveries of each webhook that match the filter, the newest first. */
export async function listWebhookDeliveries(
  runtime: Runtime,
  caller: Caller,
  webhookIds: readonly string[],
  { filter, page }: { filter?: WebhookDeliveryFilter | null; page: PageArguments },
): Promise<Pages<WebhookDelivery>> {
  caller = authorize(caller, "webhook.read");
  const { states, types } = parseInput(Filter, filter ?? {});
  return readPages<WebhookDelivery>(
    runtime.database,
    {
      columns: sql.raw(deliveryColumns("d")),
      from: sql`webhook_deliveries d join webhooks w on w.id = d.webhook_id`,
      where: [
        sql`d.webhook_id = ${PARENT}`,
        withinReach(caller, "w"),
        ...(types ? [sql`d.type = any(${sql.param(types)}::text[])`] : []),
      ],
      ...(states ? { branches: branchesOf([...new Set(states)]) } : {}),
      orderBy: [{ expression: sql`d.number`, type: "bigint" }],
      direction: "DESC",
    },
    webhookIds,
    page,
  );
}

/** Each state by itself, so that the index gives its deliveries in order. */
function branchesOf(states: readonly string[]) {
  return states.length === 0 ? [sql`false`] : states.map((state) => sql`d.state = ${state}`);
}

const lastSent = statement<WebhookDelivery>(`
  select ${deliveryColumns("d")} from webhooks w
  cross join lateral (
    select * from webhook_deliveries d where d.webhook_id = w.id and d.last_attempt_at is not null order by d.number desc limit 1) d
  where w.id = any($1::uuid[]) and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))`);

/** The newest delivery of each webhook that was sent at least once, by the webhook's id. */
export async function getLastDeliveries(
  runtime: Runtime,
  caller: Caller,
  webhookIds: readonly string[],
): Promise<ReadonlyMap<string, WebhookDelivery>> {
  caller = authorize(caller, "webhook.read");
  const rows = await runtime.database.run(lastSent, [webhookIds, ...reachOf(caller)]);
  return new Map(rows.map((delivery) => [delivery.webhookId, delivery]));
}
