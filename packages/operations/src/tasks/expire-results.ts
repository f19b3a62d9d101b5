import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "../runtime.ts";
import { MAX_CHUNKS } from "./task-chunk.ts";

const BATCH = 500;
/** Most chunks that one statement removes. */
const MOST_CHUNKS = 5 * MAX_CHUNKS;

const expire = statement<{ tasks: number }>(`
  with due as materialized (
    select t.id, t.result_expires_at, t.chunk_count from tasks t where t.result_expires_at <= clock_timestamp()
    order by t.result_expires_at limit ${BATCH} for no key update skip locked
  ),
  chosen as materialized (
    select d.id from (
      select id, sum(chunk_count) over (order by result_expires_at, id) - chunk_count as chunks_before from due
    ) d where d.chunks_before < ${MOST_CHUNKS}
  ),
  removed as (delete from task_chunks c using chosen where c.task_id = chosen.id),
  expired as (
    update tasks t set output = null, result_expires_at = null, result_expired_at = clock_timestamp()
    from chosen where t.id = chosen.id returning t.id
  )
  select count(*)::int as tasks from expired`);

/**
 * Removes the outputs and chunks of tasks that have ended so long ago as they said (`resultTtlMs`), and keeps the rest of them. Any number of
 * replicas may do it at once, every second or so. It is no event: the task is where it was.
 */
export async function expireResults(runtime: Runtime): Promise<void> {
  for (;;) {
    const [result] = await runtime.database.run(expire, []);
    if (!result || result.tasks === 0) return;
  }
}
