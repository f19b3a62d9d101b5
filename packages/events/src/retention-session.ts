import { type Connection, connectionOn } from "@muster/database/database.ts";
import pg from "pg";

/** The one connection in all replicas that removes events. */
export interface RetentionSession extends Connection {
  /** Rejects when the work has to end. */
  readonly signal: AbortSignal;
}

/** Any constant that nothing else in the database locks. */
const LOCK = 5_710_421_884;
/** Whoever waits for a lock on a table makes others wait behind: never for long. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Runs `work` on a connection of its own, unless another process does so at the moment: then gives null. Ends it at once
 * when the signal is aborted, and then rejects. The lock is the session's: it goes with the connection, however that ends.
 */
export async function inRetentionSession<Result>(
  url: string,
  signal: AbortSignal,
  work: (session: RetentionSession) => Promise<Result>,
): Promise<Result | null> {
  signal.throwIfAborted();
  const client = new pg.Client({
    connectionString: url,
    application_name: "muster retention",
    connectionTimeoutMillis: 10_000,
    lock_timeout: LOCK_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on("error", () => {});
  const end = () => client.end().catch(() => {});
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = () => {
    aborted.reject(signal.reason);
    // Fails the statement that runs. A connection that is only being opened gives no answer any more.
    void end();
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([client.connect(), aborted.promise]);
    const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [LOCK]);
    if (!rows[0]?.locked) return null;
    return await work({ ...connectionOn(client), signal });
  } finally {
    signal.removeEventListener("abort", abort);
    if (!signal.aborted) await end();
  }
}
