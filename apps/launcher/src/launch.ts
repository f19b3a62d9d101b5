import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FolderLocked, lockFolder } from "@muster/processes/folder-lock.ts";
import { openLogFile } from "@muster/database/embedded/log-file.ts";
import { type DatabaseServer, embeddedDatabase, externalDatabase } from "./database-server.ts";
import { keepRunning } from "./keep-running.ts";
import { LauncherError } from "./launcher-error.ts";
import { assertPortFree } from "./port-check.ts";
import { watchSources } from "./reload.ts";
import { followServerLog } from "./server-log.ts";
import { reapLeftServer, type ServerRun, startServer } from "./server-process.ts";
import type { Settings } from "./settings.ts";
import type { StopSignals } from "./stop-signals.ts";
import { closingLines } from "./closing-lines.ts";

export interface LaunchOptions {
  readonly settings: Settings;
  /** The server's program, a path. */
  readonly serverEntry: string;
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
 * Runs Muster until it is asked to stop: database, migration, server, in this order; then stops them in reverse.
 * Resolves when nothing runs any more. Expected failures are errors whose message is a sentence for the person.
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
  let database: DatabaseServer | undefined;
  try {
    await reapLeftServer(dataDir, say);
    await assertPortFree(settings.host, settings.port);
    if (signals.stop.aborted) return;
    database = await prepareDatabase(options);
    if (signals.stop.aborted) return;
    await runServer(options, database);
  } finally {
    await database?.stop(signals.hurry.aborted ? HURRY_MS : undefined);
    options.reached("PostgreSQL stopped");
    lock.release();
  }
}

async function prepareDatabase({ settings, say, reached }: LaunchOptions): Promise<DatabaseServer> {
  const loading = Promise.all([import("@muster/database/ensure-database.ts"), import("@muster/database/migrate.ts")]);
  // What fails first is reported first; the other must not count as unhandled meanwhile.
  loading.catch(() => {});
  const database =
    settings.databaseUrl === undefined
      ? await embeddedDatabase(settings.dataDir, say)
      : externalDatabase(settings.databaseUrl);
  reached("PostgreSQL ready");
  try {
    const [{ ensureDatabase }, { migrate }] = await loading;
    await ensureDatabase(database.url);
    await migrate(database.url);
  } catch (error) {
    await database.stop();
    throw error;
  }
  reached("database migrated");
  return database;
}

async function runServer(options: LaunchOptions, database: DatabaseServer): Promise<void> {
  const { settings, signals, say, reached } = options;
  const log = openLogFile(join(settings.dataDir, "logs", "server.log"));
  const stopFollowing = followServerLog(log.path, settings.logLevel, say);
  try {
    const server = await keepRunning<ServerRun>({
      name: "the server",
      say,
      logFile: log.path,
      start: () =>
        startServer({
          entry: options.serverEntry,
          environment: serverEnvironment(options, database),
          dataDir: settings.dataDir,
          log,
          signals,
        }),
    });
    reached("server ready");
    say(closingLines(server.first.ready, settings));
    const stopWatching = settings.reload ? watchSources(() => server.restart(), say) : () => {};
    try {
      await Promise.race([aborted(signals.stop), server.ended, database.ended]);
      say("\nStopping: agents first, then the server and the database. (Ctrl-C again to hurry.)");
    } finally {
      stopWatching();
      await server.stop();
      reached("server stopped");
    }
  } catch (error) {
    // Interrupted while starting: that was the wish, not a failure.
    if (!signals.stop.aborted) throw error;
  } finally {
    stopFollowing();
    log.close();
  }
}

function serverEnvironment({ settings, environment }: LaunchOptions, database: DatabaseServer): NodeJS.ProcessEnv {
  return {
    ...environment,
    DATABASE_URL: database.url,
    MUSTER_HOST: settings.host,
    PORT: String(settings.port),
    MUSTER_DATA_DIR: settings.dataDir,
    MUSTER_LOG_LEVEL: settings.logLevel,
    MUSTER_DEMO: settings.demo ? "1" : "0",
    MUSTER_BOOTSTRAP_KEY: settings.bootstrapKey,
    MUSTER_BOOTSTRAP_KEY_FILE: join(settings.dataDir, "bootstrap-key"),
    MUSTER_EMBEDDED_DATA_DIR: database.embeddedDataDir,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
