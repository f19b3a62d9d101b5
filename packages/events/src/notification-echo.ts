import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** What other processes send does not arrive. The feed stays complete, but finds their events by its poll only. */
export class NotificationsSwallowed extends Error {
  override readonly name = "NotificationsSwallowed";
  constructor() {
    super(
      "Notifications of PostgreSQL do not arrive, most often because a connection pooler in transaction mode is in between. " +
        "Nothing is lost, but what other servers change is seen up to a second late. " +
        "Set DATABASE_DIRECT_URL to an address of the same database that leads past the pooler.",
    );
  }
}

const ECHO_MS = 2_000;
const CONNECT_MS = 10_000;

/**
 * Whether `listener`, which listens to the channel, hears a message that is sent to it. Null when that could not be tried, or was
 * given up by the signal.
 *
 * The message comes from a second connection: a pooler that lends out the server's connections for one transaction each
 * does let through what arrives during a transaction of ours, as the echo of our own NOTIFY would.
 */
export async function hearsNotifications(
  listener: pg.Client,
  { url, channel, signal }: { url: string; channel: string; signal: AbortSignal },
): Promise<boolean | null> {
  const message = randomUUID();
  const { promise: heard, resolve: hear } = Promise.withResolvers<true>();
  const onNotification = ({ payload }: pg.Notification) => {
    if (payload === message) hear(true);
  };
  const sender = new pg.Client({
    connectionString: url,
    application_name: "muster wake-ups echo",
    connectionTimeoutMillis: CONNECT_MS,
  });
  sender.on("error", () => {});
  listener.on("notification", onNotification);
  try {
    await sender.connect();
    await sender.query("select pg_notify($1, $2)", [channel, message]);
    return await Promise.race([heard, sleep(ECHO_MS, false, { signal, ref: false })]);
  } catch {
    return null;
  } finally {
    listener.off("notification", onNotification);
    void sender.end().catch(() => {});
  }
}
