import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { CappedCount } from "../queues/queue-depth.ts";
import type { Runtime } from "../runtime.ts";

// Ordered also where it is only counted, or the planner reads the whole table.
const waiting = statement<{ id: string; count: number }>(`
  select r.id, (select count(*)::int from (
    select from tasks t where t.project_id = r.project_id and t.rate_limit_key = r.key and t.state = 'QUEUED' and t.parked_for = 'RATE_LIMIT'
    order by t.parked_until limit ${COUNT_CAP + 1}) t) as count
  from rate_limits r
  where r.id = any($1::uuid[]) and ($2::uuid[] is null or r.workspace_id = any($2)) and ($3::uuid[] is null or r.project_id = any($3))`);

/** How many tasks stand out of line because each of these rate limits has no token for them, for those that the caller may see. */
export async function countWaitingTasks(
  runtime: Runtime,
  caller: Caller,
  rateLimitIds: readonly string[],
): Promise<ReadonlyMap<string, CappedCount>> {
  caller = authorize(caller, "task.read");
  const rows = await runtime.database.run(waiting, [rateLimitIds, ...reachOf(caller)]);
  return new Map(rows.map(({ id, count }) => [id, { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP }]));
}
