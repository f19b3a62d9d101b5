import { randomUUID } from "node:crypto";
import pg from "pg";
import { backoffMs } from "./backoff.ts";

/** Hints between replicas that there is something new. Losing them costs time until the next poll, nothing else. */
export interface WakeUps {
  /** This process has committed: tells the other replicas, at most one message at a time. */
  send(): void;
  close(): Promise<void>;
}

export interface WakeUpOptions {
  readonly url: string;
  /** Another replica has committed, or may have while nobody listened. */
  readonly onWake: () => void;
  readonly onError: (error: Error) => void;
}

const CHANNEL = "muster_events";
/** Least time between two messages. */
const GAP_MS = 20;

/**
 * Listens on a connection of its own, and notifies on it too: NOTIFY takes a lock that all notifying commits queue for, so
 * no business transaction ever does it. Connects by itself, again and again.
 */
export function openWakeUps({ url, onWake, onError }: WakeUpOptions): WakeUps {
  const self = randomUUID();
  let client: pg.Client | null = null;
  let failures = 0;
  let closed = false;
  let reconnect: NodeJS.Timeout | undefined;
  let gap: NodeJS.Timeout | undefined;
  let wanted = false;

  function lost(candidate: pg.Client, error: Error): void {
    if (candidate !== client) return;
    client = null;
    void candidate.end().catch(() => {});
    if (closed) return;
    failures += 1;
    onError(error);
    reconnect = setTimeout(connect, backoffMs(failures));
  }

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
    const listening = candidate.connect().then(() => candidate.query(`listen ${CHANNEL}`));
    listening.then(
      () => {
        failures = 0;
        onWake();
        flush();
      },
      (error: Error) => lost(candidate, error),
    );
  }

  function flush(): void {
    if (!wanted || gap || closed || failures > 0 || !client) return;
    const sender = client;
    wanted = false;
    sender.query("select pg_notify($1, $2)", [CHANNEL, self]).catch((error: Error) => lost(sender, error));
    gap = setTimeout(() => {
      gap = undefined;
      flush();
    }, GAP_MS);
  }

  connect();
  return {
    send() {
      wanted = true;
      flush();
    },
    async close() {
      closed = true;
      clearTimeout(reconnect);
      clearTimeout(gap);
      const last = client;
      client = null;
      await last?.end().catch(() => {});
    },
  };
}
