import { MusterError } from "@muster/domain/errors.ts";
import pg from "pg";

/** The database server cannot be used as it is. The message says what to do. */
export class DatabaseUnusable extends MusterError {
  readonly code = "DATABASE_UNUSABLE";
}

const LEAST_VERSION = 15;
const INVALID_CATALOG_NAME = "3D000";
const DUPLICATE_DATABASE = "42P04";
const CONNECT_MS = 10_000;

/**
 * Makes the database that the URL names when its server does not have it. Throws `DatabaseUnusable` when the server
 * cannot be reached, refuses us, or is older than PostgreSQL 15.
 */
export async function ensureDatabase(url: string): Promise<void> {
  try {
    await checkVersion(url);
  } catch (error) {
    if ((error as { code?: string }).code !== INVALID_CATALOG_NAME) throw explained(error, url);
    await makeDatabase(url);
  }
}

async function makeDatabase(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = "/postgres";
  try {
    await withClient(server.href, (client) => client.query(`create database ${pg.escapeIdentifier(name)}`));
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw explained(error, url);
  }
  await checkVersion(url);
}

async function checkVersion(url: string): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ version: string; number: number }>(
      "select current_setting('server_version') as version, current_setting('server_version_num')::int as number",
    ),
  );
  const found = rows[0];
  if (!found || found.number < LEAST_VERSION * 10_000) {
    throw new DatabaseUnusable(
      `The server of DATABASE_URL is PostgreSQL ${found?.version}: Muster needs version ${LEAST_VERSION} or newer.`,
    );
  }
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Never shows the URL's password. */
function explained(error: unknown, url: string): unknown {
  if (error instanceof MusterError) return error;
  const { host, pathname } = new URL(url);
  const { code, message } = error as { code?: string; message?: string };
  return new DatabaseUnusable(
    `The database ${pathname.slice(1)} on ${host} cannot be used (${message || code}): check DATABASE_URL and that the server runs.`,
  );
}
