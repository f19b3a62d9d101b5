import { chown } from "node:fs/promises";
import { join } from "node:path";
import { postgresAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { prepareCluster, SUPERUSER } from "./cluster.ts";
import { EmbeddedPostgresError, fileError } from "./embedded-postgres-error.ts";
import { FolderLocked, lockFolder } from "@muster/processes/folder-lock.ts";
import { openLogFile } from "./log-file.ts";
import { locateData, ownerOfData, placeBinaries, placeData } from "./placement.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";
import { runPostmaster } from "./run-postmaster.ts";

export interface EmbeddedPostgresOptions {
  /** Everything is kept here: data, password, log. Made when missing. */
  readonly dataDir: string;
  /** Told, in whole sentences, what a person should know: where data was put and what was repaired. */
  readonly log?: (line: string) => void;
  /** A free one when left out. */
  readonly port?: number;
  /** Further settings of PostgreSQL, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Connects as the superuser to the database `postgres`. Holds the password. */
  readonly url: string;
  /** Where the data really is: another folder than asked for when that one could not be used. */
  readonly dataDir: string;
  readonly logFile: string;
  readonly pid: number;
  readonly port: number;
  /** Resolves when PostgreSQL has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends PostgreSQL in order and resolves when it is gone. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

const STOP_MS = 30_000;
const LOCK = "postgres";
/** A process that is killed closes its connections a moment before it is gone: whoever notices must give it that moment. */
const DYING_MS = 2_000;

/**
 * Starts a PostgreSQL of our own on 127.0.0.1, in a session of its own: neither Ctrl-C nor the caller's death reaches it,
 * and one that an earlier, killed caller left running on the same data is stopped first. Resolves when it accepts
 * connections. Throws `EmbeddedPostgresError`, whose message says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const found = await findBinaries();
  const located = await locateData(options.dataDir, log);
  const account = postgresAccount(await ownerOfData(located), log);
  const dataDir = account ? await placeData(located, account, log) : located;
  const binaries = account ? await placeBinaries(found, account, log) : found;

  const lock = await lockFolder(dataDir, LOCK, DYING_MS).catch((error: unknown) => {
    if (!(error instanceof FolderLocked)) throw fileError(error, dataDir);
    throw new EmbeddedPostgresError(
      "IN_USE",
      `The database in ${dataDir} is in use by process ${error.pid}: stop that one first, or choose another folder with --data-dir.`,
    );
  });
  try {
    const left = findPostmaster(join(dataDir, "cluster"));
    if (left) {
      log("Stopping the PostgreSQL that an earlier run left behind.");
      await stopPostmaster(left, STOP_MS);
    }
    const cluster = await prepareCluster(dataDir, binaries, account);
    const logFile = openLogFile(join(dataDir, "postgres.log"));
    if (account) await chown(logFile.path, account.uid, account.gid);
    const { postmaster, port, exited, holdOn } = await runPostmaster({
      dataDir,
      cluster,
      binaries,
      account,
      logFile,
      options,
    }).catch((error: unknown) => {
      logFile.close();
      throw error;
    });
    const released = exited.then(() => {
      logFile.close();
      lock.release();
    });
    return {
      url: `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/postgres`,
      dataDir,
      logFile: logFile.path,
      pid: postmaster.pid,
      port,
      exited: released,
      async stop({ graceMs = STOP_MS } = {}) {
        holdOn();
        await stopPostmaster(postmaster, graceMs);
        await released;
      },
    };
  } catch (error) {
    lock.release();
    throw fileError(error, dataDir);
  }
}

/**
 * Stops the PostgreSQL of a data folder for a caller that did not start it, because the one that did is dead. Says
 * whether there was one; leaves it alone when a living process other than ours owns it.
 */
export async function stopEmbeddedPostgres(dataDir: string): Promise<boolean> {
  const folder = await locateData(dataDir, () => {});
  const lock = await lockFolder(folder, LOCK, DYING_MS).catch((error: unknown) => {
    if (error instanceof FolderLocked) return null;
    throw error;
  });
  if (!lock) return false;
  try {
    const postmaster = findPostmaster(join(folder, "cluster"));
    if (!postmaster) return false;
    await stopPostmaster(postmaster, STOP_MS);
    return true;
  } finally {
    lock.release();
  }
}
