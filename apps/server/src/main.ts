import { MusterError } from "@muster/domain/errors.ts";
import { insecureSettings, refuseInsecure } from "./insecure-settings.ts";
import { onLauncherGone, tellLauncher } from "./launcher-channel.ts";
import { createLogger } from "./logger.ts";
import { readSettings, type ServerSettings, SettingsError } from "./settings.ts";
import { startServer } from "./start-server.ts";
import { stopLeftPostgres } from "./stop-left-postgres.ts";

/** Stopping takes no longer than this. */
const DEADLINE_MS = 25_000;

/** A setting that cannot be, or a database that does not allow what it takes, is told in a sentence: the launcher passes it on. */
function refuse(error: unknown): never {
  if (!(error instanceof SettingsError || error instanceof MusterError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function settingsOrExit(): ServerSettings {
  try {
    const read = readSettings(process.env);
    if (read.production) refuseInsecure(insecureSettings(read, process.env));
    return read;
  } catch (error) {
    return refuse(error);
  }
}

const settings = settingsOrExit();
const ownLog = createLogger(settings.logLevel);
const log = settings.replica === null ? ownLog : ownLog.child({ replica: settings.replica });
if (settings.production)
  for (const { name, message } of insecureSettings(settings, process.env)) log.warn(`${name} ${message}`);
// Libraries that print themselves would break the JSON lines.
console.error = console.warn = (...parts: unknown[]) =>
  log.warn({ err: parts.find((part) => part instanceof Error) }, String(parts[0]));
process.on("unhandledRejection", (error) => log.error({ err: error }, "an unhandled rejection"));

// Some settings can only be judged by what they lead to.
const server = await startServer(settings, log).catch(refuse);

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
