import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import { measureFirst, refuseMoreBytes } from "./storage-quota.ts";

interface Taken {
  readonly workspaceId: string;
  readonly maxTasks: number | null;
  readonly tasks: number | null;
  /** Until the present minute is over. */
  readonly ms: number;
  readonly maxBytes: number | null;
  readonly added: number;
  readonly bytes: number | null;
}

const OVER = "l.ends_at <= clock_timestamp()";

// The counters' rows are locked after all others, and stay so until the commit: of any number at once, none counts past another.
const takeStatement = statement<Taken>(`
  with made as materialized (
    select t.workspace_id, count(*)::int as tasks, sum(octet_length(t.input::text))::bigint as bytes
    from tasks t where t.id = any($1::uuid[]) group by t.workspace_id
  ), counted as (
    insert into attempt_limits as l (key, count, ends_at)
    select ${rateKey("w.id")}, m.tasks, clock_timestamp() + interval '1 minute'
    from made m join workspaces w on w.id = m.workspace_id where w.max_tasks_per_minute is not null order by 1
    on conflict (key) do update
    set count = case when ${OVER} then excluded.count else l.count + excluded.count end,
        ends_at = case when ${OVER} then excluded.ends_at else l.ends_at end
    returning l.*
  ), stored as (
    update workspace_storage s set bytes = s.bytes + m.bytes from made m where s.workspace_id = m.workspace_id returning s.*
  )
  select w.id as "workspaceId", w.max_tasks_per_minute as "maxTasks", c.count as tasks,
         ceil(extract(epoch from c.ends_at - clock_timestamp()) * 1000)::int as ms,
         w.max_storage_bytes::float8 as "maxBytes", m.bytes::float8 as added, s.bytes::float8 as bytes
  from made m join workspaces w on w.id = m.workspace_id left join counted c on c.key = ${rateKey("w.id")}
  left join stored s on s.workspace_id = w.id`);

/** SQL: the key under which the tasks of the present minute are counted. */
export function rateKey(workspaceId: string): string {
  return `'tasks ' || ${workspaceId}::text`;
}

/** An expression: the workspace `alias` limits how many tasks are created, or how much they may store. */
export function limitsTasks(alias: string): string {
  return `(${alias}.max_tasks_per_minute is not null or ${alias}.max_storage_bytes is not null)`;
}

/**
 * Counts tasks that this transaction has created in workspaces that limit them, as the last thing that it does. Throws `LimitExceeded`
 * when one of these now has more in this minute, or stores more, than it may; not with `refuse: false`.
 */
export async function takeTaskRoom(
  transaction: Connection,
  taskIds: readonly string[],
  { refuse = true }: { readonly refuse?: boolean } = {},
): Promise<void> {
  if (taskIds.length === 0) return;
  for (const { workspaceId, added, ...taken } of await transaction.run(takeStatement, [taskIds])) {
    const { maxBytes } = taken;
    const bytes = maxBytes === null ? 0 : (taken.bytes ?? (await measureFirst(transaction, workspaceId, added)));
    if (!refuse) continue;
    if (taken.maxTasks !== null && (taken.tasks ?? 0) > taken.maxTasks) throw tooMany(taken.maxTasks, taken.ms);
    if (maxBytes !== null) refuseMoreBytes(bytes, maxBytes);
  }
}

function tooMany(max: number, ms: number): LimitExceeded {
  return new LimitExceeded(
    "workspace.maxTasksPerMinute",
    `The workspace may create ${max} tasks in a minute. Create fewer, try again in ${Math.ceil(ms / 1_000)} s, or ask an administrator to raise maxTasksPerMinute (updateWorkspace).`,
    Math.max(1, ms),
  );
}
