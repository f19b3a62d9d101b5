import type pg from "pg";
import { withClient } from "./cluster.ts";

/** Rows that go over at once. */
const BATCH = 2_000;

/**
 * Does what a dump of the data and its restore into a migrated, empty database do: every row of every table, as it is, and
 * where the sequences stand. Transactions' numbers in the rows are those of the database that was dumped.
 */
export async function copyDatabase(fromUrl: string, toUrl: string): Promise<void> {
  await withClient(fromUrl, (from) =>
    withClient(toUrl, async (to) => {
      await from.query("begin isolation level repeatable read read only");
      // Constraints hold already, in the database that the rows come from.
      await to.query("set session_replication_role = replica");
      await to.query("begin");
      const tables = await tablesOf(from);
      await makePartitions(to, from);
      await to.query(`truncate ${tables.map(({ name }) => name).join(", ")}`);
      for (const table of tables) await copyTable(from, to, table);
      await to.query("select setval('events_id_seq', $1)", [await lastEventId(from)]);
      await to.query("commit");
      await from.query("rollback");
    }),
  );
}

interface Table {
  readonly name: string;
  /** Those that can be written. */
  readonly columns: string;
}

async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select quote_ident(c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'subjects'
    group by c.relname`);
  return rows;
}

async function makePartitions(to: pg.Client, from: pg.Client): Promise<void> {
  await to.query("select setval('events_id_seq', $1)", [await lastEventId(from)]);
  await to.query("select create_event_partitions(2, 5000000)");
}

async function lastEventId(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>("select last_value::text as id from events_id_seq");
  return rows[0]?.id ?? "1";
}

async function copyTable(from: pg.Client, to: pg.Client, { name, columns }: Table): Promise<void> {
  await from.query(`declare copying cursor for select to_jsonb(t)::text as row from ${name} t`);
  while (true) {
    const { rows } = await from.query<{ row: string }>(`fetch ${BATCH} from copying`);
    if (rows.length === 0) break;
    await to.query(
      `insert into ${name} (${columns}) overriding system value
       select ${columns} from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
      [`[${rows.map(({ row }) => row).join(",")}]`],
    );
  }
  await from.query("close copying");
}
