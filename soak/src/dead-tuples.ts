import { setTimeout as sleep } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import type { Cluster } from "./cluster.ts";

/** The tables whose rows change again and again, and the log, to which rows are only added. */
const TABLES = ["tasks", "agents", "agent_heartbeats", "events"] as const;
type Table = (typeof TABLES)[number];

interface Sample {
  readonly at: number;
  readonly table: Table;
  readonly dead: number;
}

/** What became of a table during a run. */
export interface DeadTuples {
  readonly table: Table;
  /** The most dead tuples that it held in the first two thirds and in the last third of the time. */
  readonly before: number;
  readonly last: number;
  /** At the end, with the partitions of the log together. */
  readonly rows: number;
  readonly heapMib: number;
  readonly indexMib: number;
}

export interface DeadTupleWatch {
  stop(): Promise<void>;
  /** Stops, and tells what it saw. */
  end(): Promise<readonly DeadTuples[]>;
}

const EVERY_MS = 2_000;

interface Row extends QueryResultRow {
  readonly table: Table;
  readonly dead: number;
  readonly heapMib: number;
  readonly indexMib: number;
}

const STATISTICS = `
  select t.name as table, sum(s.n_dead_tup)::int as dead,
         (sum(pg_table_size(s.relid)) / 1048576.0)::float8 as "heapMib", (sum(pg_indexes_size(s.relid)) / 1048576.0)::float8 as "indexMib"
  from unnest($1::text[]) as t(name)
  join pg_stat_user_tables s on s.relname = t.name or s.relname ~ ('^' || t.name || '_[0-9]+$')
  group by t.name`;

const COUNTS = TABLES.map((table) => `select '${table}' as table, count(*)::int as rows from ${table}`).join(
  " union all ",
);

/**
 * Watches how many dead tuples there are: what vacuum has to keep up with. The database's statistics tell, which a crash of it
 * sets back to nothing; how large the tables are in the end tells it all the same.
 */
export function watchDeadTuples(cluster: Pick<Cluster, "query">): DeadTupleWatch {
  const samples: Sample[] = [];
  const ended = new AbortController();
  const begun = performance.now();
  const read = () => cluster.query<Row>(STATISTICS, [TABLES]);
  const watch = async () => {
    while (!ended.signal.aborted) {
      // While the database is away there is nothing to see.
      const rows = await read().catch(() => []);
      for (const { table, dead } of rows) samples.push({ at: performance.now() - begun, table, dead });
      await sleep(EVERY_MS, null, { signal: ended.signal }).catch(() => {});
    }
  };
  const watching = watch();
  const stop = async () => {
    ended.abort();
    await watching;
  };
  return {
    stop,
    async end() {
      await stop();
      const whole = performance.now() - begun;
      const most = (table: Table, from: number, to: number) =>
        Math.max(
          0,
          ...samples
            .filter((sample) => sample.table === table && sample.at >= from * whole && sample.at <= to * whole)
            .map(({ dead }) => dead),
        );
      const counts = await cluster.query<{ table: Table; rows: number }>(COUNTS);
      return (await read()).map(({ table, dead, heapMib, indexMib }) => ({
        table,
        rows: counts.find((count) => count.table === table)?.rows ?? 0,
        heapMib,
        indexMib,
        before: most(table, 0, 2 / 3),
        last: Math.max(dead, most(table, 2 / 3, 1)),
      }));
    },
  };
}
