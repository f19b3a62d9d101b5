import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "../runtime.ts";

/** How many tasks one statement brings back. */
const BATCH = 5_000;

const waitingIds = statement<{ id: string }>(`
  select t.id from tasks t
  where t.project_id = $1 and t.rate_limit_key = $2 and t.state = 'QUEUED' and t.parked_for = 'RATE_LIMIT' order by t.id`);

// Those that someone else has in hand are on their way back already.
const TAKEN = `
  with taken as materialized (
    select t.id from tasks t where t.id = any($1::uuid[]) and t.state = 'QUEUED' and t.parked_for = 'RATE_LIMIT'
    order by t.id for no key update skip locked
  )`;
const returnTasks = statement<never>(`
  ${TAKEN} update tasks t set parked_for = null, parked_until = null from taken w where t.id = w.id`);
const hurryTasks = statement<never>(`
  ${TAKEN}, present as materialized (select clock_timestamp() as at)
  update tasks t set parked_until = p.at + (t.parked_until - p.at) * $2::float8
  from taken w cross join present p where t.id = w.id and t.parked_until > p.at`);

/** What becomes of the tasks that wait for a token: back into line, or a part of their wait. */
export type Release = { readonly by: "returning" } | { readonly by: "hurrying"; readonly factor: number };

/**
 * Brings the tasks that wait for a key's tokens back sooner: the first of them in this transaction. Call what is returned after the commit,
 * for the rest: without it they come back at the time that they were parked for.
 */
export async function releaseWaiting(
  transaction: Connection,
  { projectId, key }: { readonly projectId: string; readonly key: string },
  release: Release,
): Promise<(runtime: Runtime) => Promise<void>> {
  const ids = (await transaction.run(waitingIds, [projectId, key])).map(({ id }) => id);
  const apply = async (connection: Connection, from: number) => {
    const batch = ids.slice(from, from + BATCH);
    if (release.by === "returning") await connection.run(returnTasks, [batch]);
    else await connection.run(hurryTasks, [batch, release.factor]);
  };
  if (ids.length > 0) await apply(transaction, 0);
  return async ({ database }) => {
    for (let from = BATCH; from < ids.length; from += BATCH) await apply(database, from);
  };
}
