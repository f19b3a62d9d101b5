import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";

/** Measurements are not older than this, but for how often somebody looks. */
const MEASURED_EVERY = "interval '5 minutes'";

/** SQL: the bytes of JSON that the workspace's contexts and tasks take, as the statement finds them. */
const bytesOf = (workspaceId: string) => `muster_stored_bytes(${workspaceId})`;

const firstStatement = statement<{ bytes: number }>(`
  insert into workspace_storage as s (workspace_id, bytes, measured_at)
  select w.id, ${bytesOf("w.id")}, clock_timestamp() from workspaces w where w.id = $1 and w.max_storage_bytes is not null
  on conflict (workspace_id) do update set bytes = s.bytes + $2::bigint
  returning s.bytes::float8 as bytes`);

// What was counted meanwhile stays counted: the present number changes by how far the old one was off. A second server that
// measures at the same time finds another time, and changes nothing.
const measureStatement = statement<{ workspaceId: string }>(`
  with oldest as materialized (
    select s.* from workspace_storage s where s.measured_at < clock_timestamp() - ${MEASURED_EVERY} order by s.measured_at limit 1
  ), measured as materialized (select o.*, ${bytesOf("o.workspace_id")} as found from oldest o)
  update workspace_storage s set bytes = s.bytes + m.found - m.bytes, measured_at = clock_timestamp()
  from measured m where s.workspace_id = m.workspace_id and s.measured_at = m.measured_at
  returning s.workspace_id as "workspaceId"`);

const takeStatement = statement<{ workspaceId: string; max: number; bytes: number | null }>(`
  with limited as materialized (
    select w.id, w.max_storage_bytes as max from contexts c join workspaces w on w.id = c.workspace_id
    where c.id = $1 and w.max_storage_bytes is not null
  ), taken as (
    update workspace_storage s set bytes = s.bytes + $2::bigint from limited l where s.workspace_id = l.id returning s.bytes
  )
  select l.id as "workspaceId", l.max::float8 as max, (select bytes from taken)::float8 as bytes from limited l`);

/** A condition: the workspace that the expression names may store any amount. */
export function hasNoStorageQuota(workspaceId: string): string {
  return `(select limited.max_storage_bytes from workspaces limited where limited.id = ${workspaceId}) is null`;
}

/**
 * Counts the bytes that this transaction has written to the context, as the last thing that it does. Throws `LimitExceeded` when the
 * workspace then has more than it may; the counter's row is held, so that of any number at once none goes beyond.
 */
export async function takeStorage(transaction: Connection, contextId: string, bytes: number): Promise<void> {
  const [taken] = await transaction.run(takeStatement, [contextId, bytes]);
  if (!taken) return;
  refuseMoreBytes(taken.bytes ?? (await measureFirst(transaction, taken.workspaceId, bytes)), taken.max);
}

/** Throws `LimitExceeded` when there are more bytes than there may be. */
export function refuseMoreBytes(bytes: number, max: number): void {
  if (bytes <= max) return;
  throw new LimitExceeded(
    "workspace.maxStorageBytes",
    `The workspace may store ${max} bytes, and with this it would have ${bytes}. Let retention remove what is old (keepContextVersions, resultTtlMs), or ask an administrator to raise maxStorageBytes (updateWorkspace).`,
  );
}

/**
 * Measures a workspace that has the quota and was never measured, and gives its bytes. `bytes`: what the transaction has just written,
 * which counts in any case.
 */
export async function measureFirst(connection: Connection, workspaceId: string, bytes: number): Promise<number> {
  const [first] = await connection.run(firstStatement, [workspaceId, bytes]);
  return first?.bytes ?? 0;
}

/** Measures the workspaces anew whose measurement is old; any number of servers may do so. */
export async function measureStorage(connection: Connection): Promise<void> {
  for (;;) {
    const measured = await connection.run(measureStatement, []);
    if (measured.length === 0) return;
  }
}
