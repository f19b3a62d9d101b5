import { statement } from "@muster/database/statement.ts";
import { sql } from "drizzle-orm";
import { archiveEvents } from "./archive.ts";
import { type EventPartition, eventPartitions } from "./event-partitions.ts";
import { SKEW } from "./id-at-time.ts";
import { type Horizon, prepareBound } from "./retention-horizon.ts";
import { isKept } from "./retention-kept.ts";
import type { RetentionOptions } from "./retention.ts";
import type { RetentionSession } from "./retention-session.ts";

/** The table of what is kept of all events below an id. It takes the place of their partitions. */
const keptTable = (bound: bigint) => `events_before_${bound}`;
const isKeptTable = ({ name }: EventPartition) => name.startsWith("events_before_");

const installationBound = statement<{ bound: string }>(
  "select events_retained_from_id::text as bound from installation",
);

/**
 * Raises the bound of the whole log to the end of the last partition that lies below `horizon` as a whole, once these
 * partitions are in `archiveDir` (null: they are not archived). Nothing is removed before everybody can know of it.
 */
export async function raiseInstallationBound(
  session: RetentionSession,
  horizon: Horizon,
  { archiveDir, beforeRemoval }: Required<Pick<RetentionOptions, "archiveDir" | "beforeRemoval">>,
): Promise<void> {
  const old = (await eventPartitions(session)).filter(({ to }) => to !== null && to <= horizon.id);
  const bound = old.at(-1)?.to ?? 0n;
  const [present] = await session.run(installationBound, []);
  if (bound <= BigInt(present?.bound ?? 0)) return;
  for (const partition of archiveDir === null ? [] : old) {
    if (!isKeptTable(partition)) await archiveEvents(session, partition.name, archiveDir as string);
  }
  await beforeRemoval({ workspaceIds: null, before: bound });
  await prepareBound(session, bound);
  await session.query(sql`
    update installation set events_retained_from_id = ${String(bound)}::bigint,
      events_retained_since = least(${horizon.since.toISOString()}::timestamptz, (
        select max(last.at) + ${SKEW}::interval from (
          select e.at from events e where e.id < ${String(bound)}::bigint order by e.id desc limit 1000) last))`);
  // Whoever needs one of these is told that the cursor has expired.
  await session.query(sql`delete from event_watermarks where id < ${String(bound)}::bigint - 1`);
}

/**
 * Replaces the partitions below the installation's bound by one table of what is kept of them, and gives the names of the tables that
 * went. Every step can be the last before a crash: the next call goes on. Neither readers nor writers wait; what is kept is
 * out of sight for a moment.
 */
export async function dropPartitions(session: RetentionSession): Promise<string[]> {
  const [row] = await session.run(installationBound, []);
  const bound = BigInt(row?.bound ?? 0);
  const kept = keptTable(bound);
  const all = await eventPartitions(session);
  const old = all.filter(({ name, to }) => to !== null && to <= bound && name !== kept);
  if (old.length > 0 && !all.some(({ name }) => name === kept)) await keep(session, kept, bound);
  for (const partition of old) await detach(session, partition);
  const now = await eventPartitions(session);
  if (now.some(({ name, from }) => name === kept && from === null))
    await session.query(sql.raw(`alter table events attach partition ${kept} for values from (0) to (${bound})`));
  const removed = now.filter(({ name, from }) => from === null && name !== kept && firstIdOf(name) < bound);
  for (const { name } of removed) {
    session.signal.throwIfAborted();
    await session.query(sql.raw(`drop table ${name}`));
  }
  return removed.map(({ name }) => name);
}

/** When the table is there, it is whole. */
async function keep(session: RetentionSession, table: string, bound: bigint): Promise<void> {
  // Found before the transaction begins, because this takes long in a large log.
  const found = await session.query<{ id: string }>(
    sql`select e.id::text as id from events e where e.id < ${sql.raw(`${bound}`)} and ${isKept(bound)}`,
  );
  await session.query(sql`begin`);
  try {
    await session.query(sql.raw(`create table ${table} (like events including defaults including constraints)`));
    await session.query(
      sql`insert into ${sql.raw(table)} select e.* from events e where e.id = any(${sql.param(found.map(({ id }) => id))}::bigint[])`,
    );
    await session.query(sql`commit`);
  } catch (error) {
    await session.query(sql`rollback`).catch(() => {});
    throw error;
  }
}

/** Without `concurrently` everyone who writes or reads events would wait behind the oldest open transaction. */
async function detach(session: RetentionSession, { name, detaching }: EventPartition): Promise<void> {
  session.signal.throwIfAborted();
  await session.query(
    sql.raw(`alter table events detach partition ${name} ${detaching ? "finalize" : "concurrently"}`),
  );
}

function firstIdOf(name: string): bigint {
  return BigInt(name.replace(/^\D+/, ""));
}
