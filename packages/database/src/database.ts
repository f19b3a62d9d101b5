import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import pg from "pg";
import { parseMoment } from "./parse-moment.ts";
import type { Statement } from "./statement.ts";

/** Something that SQL can be sent to: the pool, or one open transaction. */
export interface Connection {
  /** Runs a prepared statement and gives its rows. Errors are pg's `DatabaseError`s. */
  run<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
  /** Runs SQL composed at run time with Drizzle's `sql`, as lists with filters are. Rows as in `run`. */
  query<Row>(query: SQL): Promise<Row[]>;
}

/** A pool of connections. */
export interface Database extends Connection {
  readonly url: string;
  /** Commits what `work` did when it resolves; rolls back and rethrows when it throws. Never nest. */
  transaction<Result>(work: (transaction: Connection) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections at once. */
  readonly connections?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Told of connections that break while idle; the pool replaces them by itself. */
  readonly onError?: (error: Error) => void;
}

const dialect = new PgDialect();

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  oid === pg.types.builtins.TIMESTAMPTZ && format !== "binary"
    ? parseMoment
    : pg.types.getTypeParser(oid, format as "text");

/** What speaks to the database through this pool or client. */
export function connectionOn(client: pg.Pool | pg.ClientBase): Connection {
  return {
    async run<Row>(statement: Statement<Row>, values: readonly unknown[]) {
      const result = await client.query({ name: statement.name, text: statement.text, values: values as unknown[] });
      return result.rows as Row[];
    },
    async query<Row>(query: SQL) {
      const { sql, params } = dialect.sqlToQuery(query);
      const result = await client.query(sql, params);
      return result.rows as Row[];
    },
  };
}

/** Opens a pool. Connects lazily: a database that is away shows in the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const onError = options.onError ?? (() => {});
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 20,
    application_name: options.applicationName ?? "muster",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser: parserOf },
    // A plan that was made while a table was small is kept when it is not any more: none may read a table from end to end for that.
    options: "-c enable_seqscan=off -c jit=off",
  });
  // Without handlers on both, a backend that is killed ends the process.
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));

  return {
    ...connectionOn(pool),
    url: options.url,
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work(connectionOn(client));
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async close() {
      await pool.end();
    },
  };
}
