import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { eventPartitions } from "../src/event-partitions.ts";
import { type Present, presentCursor, presentPosition } from "../src/locate.ts";
import { createRetention, type Retention, type RetentionOptions, type RetentionReport } from "../src/retention.ts";

export const PARTITION = 1_000;

export interface Place {
  readonly workspaceId: string;
  readonly projectId: string;
}

/** A database whose log has partitions of `PARTITION` events each. */
export interface RetentionFixture {
  readonly url: string;
  readonly database: Database;
  retention(options?: Partial<RetentionOptions>): Retention;
  close(): Promise<void>;
}

export async function createRetentionFixture(): Promise<RetentionFixture> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, connections: 4, onError: () => {} });
  await database.query(sql`drop table events_0, events_5000000, events_10000000`);
  await database.query(sql`select create_event_partitions(40, ${PARTITION})`);
  const opened: Retention[] = [];
  return {
    url,
    database,
    retention(options) {
      const retention = createRetention({ url, days: null, archiveDir: null, ...options });
      opened.push(retention);
      return {
        async enforce() {
          await markSealed(database);
          return retention.enforce();
        },
        close: () => retention.close(),
      };
    },
    async close() {
      await Promise.all(opened.map((retention) => retention.close()));
      await database.close();
      await drop();
    },
  };
}

/** Takes everything that there is for sealed: what is not, retention leaves alone. */
export async function markSealed(database: Database): Promise<void> {
  await database.query(sql`update audit_sealer set cursor = ${await presentCursor(database)}`);
}

/** A workspace with a project, whose events are kept for so many days. */
export async function addPlace(database: Database, days: number | null = null): Promise<Place> {
  const [workspaceId, projectId] = [randomUUID(), randomUUID()];
  await database.query(
    sql`insert into workspaces (id, slug, name, event_retention_days) values (${workspaceId}, ${workspaceId}, 'test', ${days})`,
  );
  await database.query(
    sql`insert into projects (id, workspace_id, slug, name) values (${projectId}, ${workspaceId}, 'test', 'test')`,
  );
  return { workspaceId, projectId };
}

/** Appends `count` events that happened so many days ago, about subjects of their own. */
export async function insertOldEvents(
  database: Database,
  { workspaceId, projectId }: Place,
  count: number,
  daysAgo: number,
): Promise<void> {
  await database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload, at)
    select ${workspaceId}::uuid, ${projectId}::uuid, 'subject.changed', gen_random_uuid(), 1, 'SYSTEM', 'test', jsonb_build_object('n', n),
      clock_timestamp() - ${daysAgo}::float8 * interval '1 day' from generate_series(1, ${count}::int) n`);
}

/** How many events there are of each project. */
export async function countEvents(database: Database, { projectId }: Place): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    sql`select count(*)::int as count from events where project_id = ${projectId}`,
  );
  return row?.count ?? 0;
}

/** The names of the attached partitions with events or below the sequence, in order. */
export async function attached(database: Database): Promise<string[]> {
  const [row] = await database.query<{ last: string }>(sql`select last_value::text as last from events_id_seq`);
  const all = await eventPartitions(database);
  return all.filter(({ from }) => from !== null && from <= BigInt(row?.last ?? 0)).map(({ name }) => name);
}

/** The present, when no transaction of another test on the same server runs that is older than the last event. */
export async function settledPresent(database: Database): Promise<Present> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const present = await presentPosition(database);
    if (present.position.snapshot.running.length === 0) return present;
    await sleep(20);
  }
  throw new Error("There is always a transaction running.");
}

/**
 * Runs rounds until one has removed something. It may take a few: other tests' transactions on the same server are waited
 * for, because they could have events with low ids as far as anyone can tell.
 */
export async function enforceUntilRemoved(retention: Retention): Promise<RetentionReport> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const report = await retention.enforce();
    if (report && (report.deletedEvents > 0 || report.droppedPartitions.length > 0)) return report;
    await sleep(100);
  }
  throw new Error("Nothing was removed.");
}
