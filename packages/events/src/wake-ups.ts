import { randomUUID } from "node:crypto";
import pg from "pg";
import { backoffMs } from "./backoff.ts";
import { hearsNotifications, NotificationsSwallowed } from "./notification-echo.ts";

/** Hints between replicas that there is something new. Losing them costs time until the next poll, nothing else. */
export interface WakeUps {
  /** This process has committed: tells the other replicas, at most one message at a time. */
  send(): void;
  close(): Promise<void>;
}

export interface WakeUpOptions {
  /** Must not lead through a pooler in transaction mode: it swallows notifications. */
  readonly url: string;
  /** Another replica has committed, or may have while nobody listened. */
  readonly onWake: () => void;
  /** Told of connections that break, and of `NotificationsSwallowed` once, until they were heard again. */
  readonly onError: (error: Error) => void;
}

const CHANNEL = "muster_events";
/** Least time between two messages: what happens meanwhile goes into one. */
const GAP_MS = 5;

/**
 * Listens on a connection of its own, and notifies on it too: NOTIFY takes a lock that all notifying commits queue for, so
 * no business transaction ever does it. Connects by itself, again and again, and tries each time whether it can hear.
 */
export function openWakeUps({ url, onWake, onError }: WakeUpOptions): WakeUps {
  const self = randomUUID();
  const closed = new AbortController();
  let client: pg.Client | null = null;
  let listening = false;
  let sending = false;
  let wanted = false;
  let failures = 0;
  let deaf = false;
  let timer: NodeJS.Timeout | undefined;

  function connect(): void {
    const candidate = new pg.Client({
      connectionString: url,
      application_name: "muster wake-ups",
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client = candidate;
    candidate.on("error", (error) => lost(candidate, error));
    candidate.on("end", () => lost(candidate, new Error("The connection for wake-ups ended.")));
    candidate.on("notification", ({ payload }) => {
      if (payload !== self) onWake();
    });
    listen(candidate).catch((error: Error) => lost(candidate, error));
  }

  async function listen(candidate: pg.Client): Promise<void> {
    await candidate.connect();
    await candidate.query(`listen ${CHANNEL}`);
    listening = true;
    failures = 0;
    onWake();
    flush();
    const hears = await hearsNotifications(candidate, { url, channel: CHANNEL, signal: closed.signal });
    if (hears === null || candidate !== client) return;
    if (!hears && !deaf) onError(new NotificationsSwallowed());
    deaf = !hears;
  }

  function lost(candidate: pg.Client, error: Error): void {
    if (candidate !== client) return;
    client = null;
    listening = false;
    void candidate.end().catch(() => {});
    if (closed.signal.aborted) return;
    failures += 1;
    onError(error);
    timer = setTimeout(connect, backoffMs(failures));
  }

  function flush(): void {
    if (!wanted || sending || !listening || !client || closed.signal.aborted) return;
    const sender = client;
    wanted = false;
    sending = true;
    const sent = sender.query("select pg_notify($1, $2)", [CHANNEL, self]);
    const rested = new Promise((resolve) => setTimeout(resolve, GAP_MS));
    void Promise.allSettled([sent, rested]).then(([result]) => {
      sending = false;
      if (result.status === "rejected") lost(sender, result.reason as Error);
      flush();
    });
  }

  connect();
  return {
    send() {
      wanted = true;
      flush();
    },
    async close() {
      closed.abort();
      clearTimeout(timer);
      const last = client;
      client = null;
      await last?.end().catch(() => {});
    },
  };
}
