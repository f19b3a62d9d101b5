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
  readonly live: number;
  readonly heapMib: number;
  readonly indexMib: number;
  /** How often it was vacuumed. */
  readonly vacuums: number;
}

export interface DeadTupleWatch {
  end(): Promise<readonly DeadTuples[]>;
}

const EVERY_MS = 2_000;

interface Row extends QueryResultRow {
  readonly table: Table;
  readonly live: number;
  readonly dead: number;
  readonly heapMib: number;
  readonly indexMib: number;
  readonly vacuums: number;
}

const STATISTICS = `
  select t.name as table, sum(s.n_live_tup)::int as live, sum(s.n_dead_tup)::int as dead, sum(s.autovacuum_count)::int as vacuums,
         (sum(pg_table_size(s.relid)) / 1048576.0)::float8 as "heapMib", (sum(pg_indexes_size(s.relid)) / 1048576.0)::float8 as "indexMib"
  from unnest($1::text[]) as t(name)
  join pg_stat_user_tables s on s.relname = t.name or s.relname ~ ('^' || t.name || '_[0-9]+$')
  group by t.name`;

/** Watches, by the statistics that the database keeps, how many dead tuples there are: what vacuum has to keep up with. */
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
  return {
    async end() {
      ended.abort();
      await watching;
      const whole = performance.now() - begun;
      const most = (table: Table, from: number, to: number) =>
        Math.max(
          0,
          ...samples
            .filter((sample) => sample.table === table && sample.at >= from * whole && sample.at <= to * whole)
            .map(({ dead }) => dead),
        );
      const rows = await read();
      return rows.map(({ dead, ...row }) => ({
        ...row,
        before: most(row.table, 0, 2 / 3),
        last: Math.max(dead, most(row.table, 2 / 3, 1)),
      }));
    },
  };
}
