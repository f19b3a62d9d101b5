import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";

/** Where a task stands among those that the same agents can take, in the order in which they are handed out. */
export interface TaskPosition {
  /** From 1; 10,000 also for those further back. */
  readonly position: number;
  /** Whether it stands further back. */
  readonly isCapped: boolean;
}

// Each lane is walked along its index once, however many of its tasks are asked for, and no further than the last of them.
const positionsStatement = statement<{ taskId: string; position: number }>(`
  with wanted as materialized (
    select t.id, t.lane_id, t.priority from tasks t
    where t.id = any($1::uuid[]) and ($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))
      and t.state = 'QUEUED' and t.parked_for is null
  ),
  places as materialized (
    select p.id, p.place from (select lane_id, min(priority) as priority from wanted group by lane_id) w cross join lateral (
      select f.id, row_number() over (order by f.priority desc nulls last, f.run_at, f.id) as place from (
        select t.id, t.priority, t.run_at from tasks t
        where t.lane_id = w.lane_id and t.priority >= w.priority and t.state = 'QUEUED' and t.parked_for is null
        order by t.priority desc nulls last, t.run_at, t.id limit ${COUNT_CAP}) f
    ) p
  )
  select w.id as "taskId", coalesce(p.place, ${COUNT_CAP + 1})::int as position from wanted w left join places p on p.id = w.id`);

/** The place of each of these tasks in its lane; null for those that do not stand in it, and those that the caller may not see. */
export async function readTaskPositions(
  runtime: Runtime,
  caller: Caller,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskPosition | null>> {
  caller = authorize(caller, "task.read");
  const rows = await runtime.database.run(positionsStatement, [taskIds, ...reachOf(caller)]);
  const found = new Map(rows.map((row) => [row.taskId, row.position]));
  return new Map(
    taskIds.map((id) => {
      const place = found.get(id);
      if (place === undefined) return [id, null];
      return [id, { position: Math.min(place, COUNT_CAP), isCapped: place > COUNT_CAP }];
    }),
  );
}
