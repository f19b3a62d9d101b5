import type { Reach } from "@muster/domain/actor.ts";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import pg from "pg";
import { parseMoment } from "./parse-moment.ts";
import type { Statement } from "./statement.ts";
import { type ReachSettings, reachSettings, settle, TENANT_ROLE } from "./tenancy.ts";

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
  /**
   * The same for statements in the name of someone with a limited reach: they run as a role that owns nothing, and that row-level
   * security shows nothing beyond the reach. This database itself for the whole installation, or without `tenants`.
   */
  within(reach: Reach): Database;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Where `within` leads: connections that keep what they are told, so past a pooler in transaction mode. Null: nowhere. */
  readonly tenants?: { readonly url: string } | null;
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

/**
 * Opens a pool, and another one for those with a limited reach when there are any. Connects lazily: a database that is away shows
 * in the first statement.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options, options.url, "");
  let tenants: pg.Pool | null = null;
  const own: Database = {
    ...connectionOn(pool),
    url: options.url,
    transaction: (work) => inTransaction(pool, work),
    within(reach) {
      const settings = options.tenants ? reachSettings(reach) : null;
      if (!settings || !options.tenants) return own;
      tenants ??= openPool(options, options.tenants.url, ` -c role=${TENANT_ROLE}`);
      return { ...own, ...tenantDatabase(tenants, settings) };
    },
    async close() {
      await Promise.all([pool.end(), tenants?.end()]);
    },
  };
  return own;
}

/** Each statement on a connection that knows the reach. */
function tenantDatabase(pool: pg.Pool, settings: ReachSettings): Pick<Database, "run" | "query" | "transaction"> {
  const prepare = (client: pg.PoolClient) => settle(client, settings);
  const settled = <Row>(work: (connection: Connection) => Promise<Row[]>) =>
    withClient(pool, async (client) => {
      await prepare(client);
      return work(connectionOn(client));
    });
  return {
    run: (statement, values) => settled((connection) => connection.run(statement, values)),
    query: (query) => settled((connection) => connection.query(query)),
    transaction: (work) => inTransaction(pool, work, prepare),
  };
}

function openPool(options: DatabaseOptions, url: string, role: string): pg.Pool {
  const onError = options.onError ?? (() => {});
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 20,
    application_name: options.applicationName ?? "muster",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser: parserOf },
    // A plan that was made while a table was small is kept when it is not any more: none may read a table from end to end for that.
    options: `-c enable_seqscan=off -c jit=off${role}`,
  });
  // Without handlers on both, a backend that is killed ends the process.
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  return pool;
}

/** Gives the connection back after an error that the statement has caused, and drops it after any other. */
async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.severity !== "ERROR") broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (transaction: Connection) => Promise<Result>,
  prepare?: (client: pg.PoolClient) => Promise<void>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await prepare?.(client);
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
}
