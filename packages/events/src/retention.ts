import { sql } from "drizzle-orm";
import { horizonOf } from "./retention-horizon.ts";
import { dropPartitions, raiseInstallationBound } from "./retention-partitions.ts";
import { type Cleared, enforcePolicies } from "./retention-policies.ts";
import { inRetentionSession, type RetentionSession } from "./retention-session.ts";

export interface RetentionOptions {
  readonly url: string;
  /** For so many days the events are kept of workspaces that say nothing; null: for ever. */
  readonly days: number | null;
  /** Where whole partitions are written before they are dropped; null: they are not. */
  readonly archiveDir: string | null;
  /** Called before anybody can know of a removal; when it rejects, there is none. */
  readonly beforeRemoval?: (removal: Removal) => Promise<void>;
}

/** What retention is about to remove: all but a few of the events below an id, of some workspaces or of all there is. */
export interface Removal {
  /** null: all workspaces, and what belongs to none. */
  readonly workspaceIds: readonly string[] | null;
  readonly before: bigint;
}

/** What one round has removed. */
export interface RetentionReport {
  readonly droppedPartitions: readonly string[];
  readonly deletedEvents: number;
}

export interface Retention {
  /**
   * Removes a part of what no policy covers any more; call it every minute or so, one call at a time. Null when another process is at
   * it. Rejects when something stands in its way, such as a full disk for the archive: what was not removed is still there, and the
   * next call goes on.
   */
  enforce(): Promise<RetentionReport | null>;
  /** Ends what is under way, wherever it is; `enforce` gives null from now on. */
  close(): Promise<void>;
}

/** Retention for one process; any number of them may do it over one database. */
export function createRetention(options: RetentionOptions): Retention {
  const ending = new AbortController();
  const cleared: Cleared = new Map();
  let running: Promise<RetentionReport | null> = Promise.resolve(null);
  return {
    enforce() {
      running = inRetentionSession(options.url, ending.signal, (session) => enforce(session, options, cleared)).catch(
        (error: unknown) => {
          if (ending.signal.aborted) return null;
          throw error;
        },
      );
      return running;
    },
    async close() {
      ending.abort();
      await running.catch(() => {});
    },
  };
}

async function enforce(
  session: RetentionSession,
  options: RetentionOptions,
  cleared: Cleared,
): Promise<RetentionReport> {
  const { days, archiveDir, beforeRemoval = async () => {} } = options;
  const longest = await longestPolicy(session, days);
  const horizon = longest === null ? null : await horizonOf(session, longest);
  if (horizon) await raiseInstallationBound(session, horizon, { archiveDir, beforeRemoval });
  // Also without a policy: an earlier removal may have been cut short.
  const droppedPartitions = await dropPartitions(session);
  const deletedEvents = await enforcePolicies(session, { days, longest, cleared, beforeRemoval });
  return { droppedPartitions, deletedEvents };
}

/** How many days the longest policy asks for: that of a workspace, or of the installation, which also covers what is in no workspace. */
async function longestPolicy(session: RetentionSession, days: number | null): Promise<number | null> {
  if (days === null) return null;
  const [row] = await session.query<{ days: number }>(
    sql`select greatest(${days}::int, max(event_retention_days)) as days from workspaces`,
  );
  return row?.days ?? days;
}
