import { type Database, openDatabase } from "@muster/database/database.ts";
import { presentCursor, presentPosition } from "./locate.ts";
import { keepPartitions } from "./partitions.ts";
import { DEFAULT_SIZES, type ReadSizes } from "./read-batch.ts";
import { type EventsListener, Tail } from "./tail.ts";
import { openWakeUps } from "./wake-ups.ts";

/** The live side of the log in one process. */
export interface Feed {
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
  /** Told of outages; the feed goes on by itself. */
  readonly onError: (error: Error) => void;
  readonly sizes?: ReadSizes;
}

/** Begins to follow the log at its present end. Rejects when the database is away or is a standby. */
export async function openFeed({ url, onError, sizes = DEFAULT_SIZES }: FeedOptions): Promise<Feed> {
  let tail: Tail | null = null;
  const tailDatabase = openDatabase({
    url: withGenericPlans(url),
    connections: 1,
    applicationName: "muster feed tail",
    onError(error) {
      tail?.suspect();
      onError(error);
    },
  });
  const database = openDatabase({ url, connections: 4, applicationName: "muster feed", onError });
  const closeDatabases = () => Promise.all([tailDatabase.close(), database.close()]);
  const present = await presentPosition(tailDatabase).catch(async (error: unknown) => {
    await closeDatabases();
    throw error;
  });
  const started = new Tail(present, { database: tailDatabase, sizes, onError });
  tail = started;
  const wakeUps = openWakeUps({ url, onWake: () => started.wake(), onError });
  const stopPartitions = keepPartitions(database, onError);
  const subscriptions = new Set<{ return(): Promise<unknown> }>();
  return {
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

/**
 * The tail's statements are always the same ones. With a plan for any values, Postgres plans them once, reads the index by
 * transaction whatever the statistics say, and leaves out old partitions when it begins to execute.
 */
function withGenericPlans(url: string): string {
  const changed = new URL(url);
  const options = changed.searchParams.get("options");
  changed.searchParams.set("options", [options, "-c plan_cache_mode=force_generic_plan"].filter(Boolean).join(" "));
  return changed.href;
}
