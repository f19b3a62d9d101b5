import { type Database, openDatabase } from "@muster/database/database.ts";
import { type Present, presentCursor, presentPosition } from "./locate.ts";
import { keepPartitions } from "./partitions.ts";
import { DEFAULT_SIZES, type ReadSizes } from "./read-batch.ts";
import { adoptLog } from "./restore.ts";
import { type EventsListener, Tail } from "./tail.ts";
import { openWakeUps } from "./wake-ups.ts";

/** The live side of the log in one process. */
export interface Feed {
  /** The log was restored from a dump since it was last followed: older cursors are void. */
  readonly restored: boolean;
  readonly tail: Tail;
  /** For catching up: its own few connections, so that a thousand subscribers who come back do not hold up operations. */
  readonly database: Database;
  readonly sizes: ReadSizes;
  /** Everything that `subscribe` has given out and that has not ended. */
  readonly subscriptions: Set<{ return(): Promise<unknown> }>;
  readonly onError: (error: Error) => void;
  /** This process has committed: its tail looks at once, other replicas soon. */
  committed(): void;
  /** The present cursor. Read before a query, it lets a subscription continue without a seam. */
  presentCursor(): Promise<string>;
  /** Calls `listener` with the events of a project (null: of all) as they come; returns what ends that. */
  onEvents(projectId: string | null, listener: EventsListener): () => void;
  /** Ends all subscriptions, the tail and every connection. */
  close(): Promise<void>;
}

export interface FeedOptions {
  readonly url: string;
  /**
   * The same database past a pooler in transaction mode: the feed's connections set what a pooler refuses, and wake-ups need
   * one of their own. Without it, `url`.
   */
  readonly directUrl?: string;
  /** Told of outages; the feed goes on by itself. */
  readonly onError: (error: Error) => void;
  readonly sizes?: ReadSizes;
}

/** Begins to follow the log at its present end. Rejects when the database is away or is a standby. */
export async function openFeed(options: FeedOptions): Promise<Feed> {
  const { url, directUrl = url, onError, sizes = DEFAULT_SIZES } = options;
  let tail: Tail | null = null;
  const tailDatabase = openDatabase({
    url: withOptions(directUrl, TAIL_OPTIONS),
    connections: 1,
    applicationName: "muster feed tail",
    onError(error) {
      tail?.suspect();
      onError(error);
    },
  });
  const database = openDatabase({
    url: withOptions(directUrl, REPLAY_OPTIONS),
    connections: 4,
    applicationName: "muster feed",
    onError,
  });
  const closeDatabases = () => Promise.all([tailDatabase.close(), database.close()]);
  const opened = adoptLog(database).then(async (restored) => {
    const present = await presentPosition(tailDatabase);
    if (directUrl !== url) await assertSameDatabase(url, present);
    return { restored, present };
  });
  const { restored, present } = await opened.catch(async (error: unknown) => {
    await closeDatabases();
    throw error;
  });
  const started = new Tail(present, { database: tailDatabase, sizes, onError });
  tail = started;
  const wakeUps = openWakeUps({ url: directUrl, onWake: () => started.wake(), onError });
  const stopPartitions = keepPartitions(database, onError);
  const subscriptions = new Set<{ return(): Promise<unknown> }>();
  return {
    restored,
    tail: started,
    sizes,
    subscriptions,
    database,
    onError,
    committed() {
      started.wake();
      wakeUps.send();
    },
    presentCursor: () => presentCursor(database),
    onEvents: (projectId, listener) => started.onEvents(projectId, listener),
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.return()));
      await Promise.all([wakeUps.close(), started.close(), stopPartitions()]);
      await closeDatabases();
    },
  };
}

/** Throws when `url` leads to another database than the one with this position. */
async function assertSameDatabase(url: string, { installation }: Present): Promise<void> {
  const database = openDatabase({ url, connections: 1, onError: () => {} });
  try {
    if ((await presentPosition(database)).installation === installation) return;
    throw new Error(
      "DATABASE_DIRECT_URL leads to another database than the one in use: name the same one, or leave it out.",
    );
  } finally {
    await database.close();
  }
}

/**
 * A replay reads pages in the order of an index. On a partition that has just grown, whose statistics say that it is empty,
 * Postgres would read and sort the whole rest of it for every page: measured 1,800 events a second in place of 17,000.
 */
const REPLAY_OPTIONS = ["enable_bitmapscan=off", "enable_sort=off"];

/**
 * The tail's statements are always the same ones. With a plan for any values, Postgres plans them once, reads the index by
 * transaction whatever the statistics say, and leaves out old partitions when it begins to execute. A batch of thousands of events it
 * reads like a replay.
 */
const TAIL_OPTIONS = ["plan_cache_mode=force_generic_plan", ...REPLAY_OPTIONS];

function withOptions(url: string, settings: readonly string[]): string {
  const changed = new URL(url);
  const given = changed.searchParams.get("options");
  const options = [given, ...settings.map((setting) => `-c ${setting}`)].filter(Boolean);
  changed.searchParams.set("options", options.join(" "));
  return changed.href;
}
