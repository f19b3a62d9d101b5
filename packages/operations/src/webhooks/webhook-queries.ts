import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";

const IN_REACH = "($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))";

const webhooksById = statement<Webhook>(
  `select ${webhookColumns("w")} from webhooks w where w.id = any($1::uuid[]) and ${IN_REACH}`,
);

const pendingByWebhook = statement<{ webhookId: string; count: number }>(`
  select w.id as "webhookId", (select count(*)::int from webhook_deliveries d where d.webhook_id = w.id and d.state = 'PENDING') as count
  from webhooks w where w.id = any($1::uuid[]) and ${IN_REACH}`);

/** The webhooks with these ids that the caller may see, in any order. */
export async function getWebhooks(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Webhook[]> {
  caller = authorize(caller, "webhook.read");
  return runtime.database.run(webhooksById, [ids, ...reachOf(caller)]);
}

/** A page of the webhooks of each project, by name. */
export async function listWebhooks(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Webhook>> {
  caller = authorize(caller, "webhook.read");
  return readPages<Webhook>(
    runtime.database,
    {
      columns: sql.raw(webhookColumns("w")),
      from: sql`webhooks w`,
      where: [sql`w.project_id = ${PARENT}`, withinReach(caller, "w")],
      orderBy: [
        { expression: sql`w.name`, type: "text" },
        { expression: sql`w.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
}

/** How many deliveries of each webhook are queued and not yet delivered: at most about 1,250, as the log itself is the queue. */
export async function countPendingDeliveries(
  runtime: Runtime,
  caller: Caller,
  webhookIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  caller = authorize(caller, "webhook.read");
  const rows = await runtime.database.run(pendingByWebhook, [webhookIds, ...reachOf(caller)]);
  const counts = new Map(rows.map((row) => [row.webhookId, row.count]));
  return new Map(webhookIds.map((id) => [id, counts.get(id) ?? 0]));
}
