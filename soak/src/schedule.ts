import type { Random } from "./random.ts";
import { badCursors, expiredCursor, foreignCursor } from "./faults/bad-cursors.ts";
import { crowd } from "./faults/crowd.ts";
import { crashPostgres, foreignTransaction, restartPostgres, terminateBackends } from "./faults/database-faults.ts";
import { hostileClient } from "./faults/hostile-client.ts";
import { killAfterCommit, killBeforeCommit } from "./faults/kill-at-commit.ts";
import { killReplica } from "./faults/kill-replica.ts";
import { loseNotifications } from "./faults/lose-notifications.ts";
import { openTransaction } from "./faults/open-transaction.ts";
import { resumeAnywhere } from "./faults/resume-anywhere.ts";
import { stall } from "./faults/stall.ts";
import { type Fault, type Site, wait } from "./site.ts";

/** What happens to servers and database, one after another. */
const OF_SERVERS: readonly Fault[] = [
  killReplica,
  killBeforeCommit,
  killAfterCommit,
  terminateBackends,
  restartPostgres,
  crashPostgres,
  loseNotifications,
];
/** What clients do that take nothing for a minute, meanwhile. */
const OF_SLOW_CLIENTS: readonly Fault[] = [stall, hostileClient];
/** What other clients and transactions do, meanwhile. */
const OF_OTHERS: readonly Fault[] = [
  openTransaction,
  foreignTransaction,
  badCursors,
  foreignCursor,
  expiredCursor,
  crowd,
  resumeAnywhere,
];

const ATTEMPTS = 10;

/** Each is injected in every run. */
export const FAULTS: readonly Fault[] = [...OF_SERVERS, ...OF_SLOW_CLIENTS, ...OF_OTHERS];

/**
 * Injects faults until `durationMs` are over, those of servers beside those of clients: each once, in an order that
 * the seed decides, then all again. Every one is injected at least once.
 */
export async function injectFaults(site: Site, random: Random, durationMs: number): Promise<void> {
  const until = performance.now() + durationMs;
  const lanes = [
    injectInTurn(site, OF_SERVERS, random.branch("servers"), until),
    injectInTurn(site, OF_SLOW_CLIENTS, random.branch("slow clients"), until),
    injectInTurn(site, OF_OTHERS, random.branch("others"), until),
  ];
  // When the run is interrupted, all have to end before anything is taken down: one may just be starting PostgreSQL.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
}

async function injectInTurn(site: Site, faults: readonly Fault[], random: Random, until: number): Promise<void> {
  let round = 0;
  do {
    for (const fault of random.shuffled(faults)) {
      if (round > 0 && performance.now() >= until) return;
      await wait(site, random.between(0, 1_000));
      try {
        await injectUntilThere(fault, site, random);
      } catch (error) {
        if (site.signal.aborted) throw error;
        site.journal.violated("injected", `${fault.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    round += 1;
  } while (performance.now() < until);
}

/** The database may be away just when a fault begins: that is another fault's doing, and passes. */
async function injectUntilThere(fault: Fault, site: Site, random: Random): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fault.inject(site, random);
    } catch (error) {
      if (site.signal.aborted || attempt === ATTEMPTS || !isRefused(error)) throw error;
      await wait(site, 1_000);
    }
  }
}

function isRefused(error: unknown): boolean {
  const codes = ["ECONNREFUSED", "ECONNRESET", "57P01", "57P02", "57P03"];
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
