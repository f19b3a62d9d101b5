import { onLauncherGone, tellLauncher } from "./launcher-channel.ts";
import { createLogger } from "./logger.ts";
import { readSettings, type ServerSettings, SettingsError } from "./settings.ts";
import { startServer } from "./start-server.ts";
import { stopLeftPostgres } from "./stop-left-postgres.ts";

/** Stopping takes no longer than this. */
const DEADLINE_MS = 25_000;

function settingsOrExit(): ServerSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const settings = settingsOrExit();
const ownLog = createLogger(settings.logLevel);
const log = settings.replica === null ? ownLog : ownLog.child({ replica: settings.replica });
// Libraries that print themselves would break the JSON lines.
console.error = console.warn = (...parts: unknown[]) =>
  log.warn({ err: parts.find((part) => part instanceof Error) }, String(parts[0]));
process.on("unhandledRejection", (error) => log.error({ err: error }, "an unhandled rejection"));

const server = await startServer(settings, log);

let stopping = false;
async function stop(reason: string, launcherGone: boolean): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ reason }, "stopping");
  setTimeout(() => {
    log.error("stopping took too long");
    process.exit(1);
  }, DEADLINE_MS).unref();
  await server.stop();
  if (launcherGone && settings.embeddedDataDir !== null) {
    await stopLeftPostgres(settings.databaseUrl, settings.embeddedDataDir);
  }
  process.exit(0);
}

const stopOrFail = (reason: string, launcherGone: boolean) => {
  stop(reason, launcherGone).catch((error: unknown) => {
    log.error({ err: error }, "stopping failed");
    process.exit(1);
  });
};
process.on("SIGTERM", () => stopOrFail("SIGTERM", false));
process.on("SIGINT", () => stopOrFail("SIGINT", false));
onLauncherGone(() => stopOrFail("the launcher has gone", true));

tellLauncher({ type: "ready", url: server.url, signInUrl: server.signInUrl, agents: await server.agents() });
