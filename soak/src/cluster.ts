import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { ensureDatabase } from "@muster/database/ensure-database.ts";
import { migrate } from "@muster/database/migrate.ts";
import pg from "pg";

/** A PostgreSQL of this run alone, which may be stopped, killed and started again. */
export interface Cluster {
  readonly port: number;
  readonly dataDir: string;
  /** Of the database that the servers use. */
  readonly url: string;
  /** The same, through another port. */
  urlThrough(port: number): string;
  /** Runs SQL as the superuser, and again while the server is away, for up to a minute. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Stops it as an administrator does, and starts it again on the same port after `downMs`. */
  restart(downMs: number): Promise<void>;
  /** Kills the postmaster with SIGKILL: what was not on disk is gone. Starts it again after `downMs`. */
  crash(downMs: number): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

const DATABASE = "muster";
const AWAY_MS = 60_000;

/** Starts a cluster with a migrated database. */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "muster-soak-"));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  // What is not committed reaches the disk late, so that a crash finds numbers of transactions to give out again.
  const settings = { wal_writer_delay: "2s", max_connections: "300" };
  const start = (port?: number) =>
    startEmbeddedPostgres({ dataDir, settings, ...(port === undefined ? {} : { port }) });
  let postgres = await start();
  const { port } = postgres;
  const urlThrough = (through: number) => {
    const url = new URL(postgres.url);
    url.port = String(through);
    url.pathname = `/${DATABASE}`;
    return url.href;
  };
  const url = urlThrough(port);
  try {
    await ensureDatabase(url);
    await migrate(url);
  } catch (error) {
    await remove();
    throw error;
  }

  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const deadline = performance.now() + AWAY_MS;
    while (true) {
      try {
        return await withClient(url, async (client) => (await client.query<Row>(text, values)).rows);
      } catch (error) {
        if (!isAway(error) || performance.now() > deadline) throw error;
        await sleep(100);
      }
    }
  }

  async function remove(): Promise<void> {
    await postgres.stop({ graceMs: 5_000 });
    await rm(folder, { recursive: true, force: true });
  }

  return {
    port,
    dataDir: postgres.dataDir,
    url,
    urlThrough,
    query,
    remove,
    async restart(downMs) {
      await postgres.stop();
      await sleep(downMs);
      postgres = await start(port);
    },
    async crash(downMs) {
      process.kill(postgres.pid, "SIGKILL");
      await postgres.exited;
      await sleep(downMs);
      postgres = await start(port);
    },
  };
}

/** Connects for a moment. An outage rejects; it never throws elsewhere. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: "soak", connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** What to say of a transaction that an outage ended; rethrows anything else. */
export function endedByOutage(error: unknown): string {
  if (!isAway(error)) throw error;
  return "until an outage of the database ended it";
}

/** Connection errors, and SQLSTATE classes 57 (stopped by somebody) and 08 (lost); not what is wrong with a statement. */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(57|08|53)/.test(code);
}
