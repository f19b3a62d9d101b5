import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FolderLocked, lockFolder } from "@muster/processes/folder-lock.ts";
import { openLogFile } from "@muster/database/embedded/log-file.ts";
import { aborted } from "./aborted.ts";
import { closingLines } from "./closing-lines.ts";
import { type ConsoleServer, startConsole } from "./console-server.ts";
import { type DatabaseServer, embeddedDatabase, externalDatabase } from "./database-server.ts";
import { LauncherError } from "./launcher-error.ts";
import { assertPortFree, assertPortShareable } from "./port-check.ts";
import { reapLeftProcesses } from "./process-record.ts";
import { watchSources } from "./reload.ts";
import { followServerLog } from "./server-log.ts";
import type { ServerNeeds } from "./server-contract.ts";
import { startServers } from "./servers.ts";
import type { Settings } from "./settings.ts";
import type { StopSignals } from "./stop-signals.ts";

export interface LaunchOptions {
  readonly settings: Settings;
  /** The server's program, a path. */
  readonly serverEntry: string;
  /** The root of the repository, which holds the console. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signals: StopSignals;
  /** Tells a person something, one line or several. */
  say(lines: string): void;
  /** Notes how far we are, for whoever measures. */
  reached(step: string): void;
}

const HURRY_MS = 2_000;
/** One that was just killed may be there for another moment. */
const DYING_MS = 1_000;

/**
 * Runs Muster until it is asked to stop: database (migrated) and console side by side, then the server; then stops them in
 * reverse. Resolves when nothing runs any more. Expected failures are errors whose message is a sentence for the person.
 */
export async function launch(options: LaunchOptions): Promise<void> {
  const { settings, signals, say } = options;
  const { dataDir } = settings;
  await mkdir(join(dataDir, "logs"), { recursive: true, mode: 0o700 });
  // As root, PostgreSQL runs as another user, who must be able to pass through to its part.
  await chmod(dataDir, 0o711);
  const lock = await lockFolder(dataDir, "launcher", DYING_MS).catch((error: unknown) => {
    if (!(error instanceof FolderLocked)) throw error;
    throw new LauncherError(
      `Muster already runs with the data folder ${dataDir} (process ${error.pid}): stop that one, or choose another folder with --data-dir.`,
    );
  });
  try {
    await reapLeftProcesses(dataDir, say);
    await assertPortFree(settings.host, settings.port, "--port");
    if (settings.replicas > 1) await assertPortShareable(settings.host);
    if (settings.console) await assertPortFree("127.0.0.1", settings.consolePort, "--console-port");
    if (signals.stop.aborted) return;
    const needs = await prepareNeeds(options);
    try {
      if (!signals.stop.aborted) await runServers(options, needs);
    } finally {
      await stopNeeds(needs, options);
    }
  } catch (error) {
    // Interrupted while starting: that was the wish, not a failure.
    if (!(signals.stop.aborted && error instanceof LauncherError)) throw error;
  } finally {
    lock.release();
  }
}

/** Everything that the server needs, at once. When one fails the other is given up. */
async function prepareNeeds(options: LaunchOptions): Promise<ServerNeeds> {
  const { settings, say, reached } = options;
  const failed = new AbortController();
  const fail = (error: unknown): null => {
    // The first failure counts; the other one may be its consequence.
    failed.abort(error);
    return null;
  };
  const signals = { ...options.signals, stop: AbortSignal.any([options.signals.stop, failed.signal]) };
  const [database, console] = await Promise.all([
    prepareDatabase(options).catch(fail),
    settings.console ? startConsole({ ...options, signals }).catch(fail) : null,
  ]);
  if (failed.signal.aborted || database === null) {
    await stopNeeds({ database, console }, options);
    throw failed.signal.reason;
  }
  if (console !== null) reached("console ready");
  // Agents go on working without their console.
  console?.ended.catch(({ message }: Error) => say(`${message} Muster goes on without it.`));
  return { database, console };
}

async function stopNeeds(
  { database, console }: { database: DatabaseServer | null; console: ConsoleServer | null },
  { signals, reached }: LaunchOptions,
): Promise<void> {
  await console?.stop();
  await database?.stop(signals.hurry.aborted ? HURRY_MS : undefined);
  reached("console and PostgreSQL stopped");
}

async function prepareDatabase({ settings, say, reached }: LaunchOptions): Promise<DatabaseServer> {
  const loading = Promise.all([import("@muster/database/ensure-database.ts"), import("@muster/database/migrate.ts")]);
  // What fails first is reported first; the other must not count as unhandled meanwhile.
  loading.catch(() => {});
  const servers = { replicas: settings.replicas, wanted: settings.databaseConnections };
  const database =
    settings.databaseUrl === undefined
      ? await embeddedDatabase(settings.dataDir, servers, say)
      : externalDatabase(settings.databaseUrl, servers);
  reached("PostgreSQL ready");
  try {
    const [{ ensureDatabase }, { migrate }] = await loading;
    // Migrations hold a session's lock, which does not survive a pooler in transaction mode.
    const url = settings.databaseDirectUrl ?? database.url;
    await ensureDatabase(url);
    await migrate(url);
  } catch (error) {
    await database.stop();
    throw error;
  }
  reached("database migrated");
  return database;
}

async function runServers(options: LaunchOptions, needs: ServerNeeds): Promise<void> {
  const { settings, signals, say, reached } = options;
  const log = openLogFile(join(settings.dataDir, "logs", "server.log"));
  const stopFollowing = followServerLog(log.path, settings.logLevel, say);
  try {
    const servers = await startServers({ ...options, log }, needs);
    reached("server ready");
    say(closingLines(servers.ready, settings));
    const stopWatching = settings.reload ? watchSources(() => servers.restart(), say) : () => {};
    try {
      await Promise.race([aborted(signals.stop), servers.ended, needs.database.ended]);
      const server = settings.replicas === 1 ? "the server" : "the servers";
      const then = needs.console === null ? server : `${server}, the console`;
      say(`\nStopping: agents first, then ${then} and the database. (Ctrl-C again to hurry.)`);
    } finally {
      stopWatching();
      await servers.stop();
      reached("server stopped");
    }
  } finally {
    stopFollowing();
    log.close();
  }
}
