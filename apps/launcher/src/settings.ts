import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { SecretFileError, withSecretsFromFiles } from "@muster/processes/secret-files.ts";
import { LauncherError } from "./launcher-error.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MOST_REPLICAS = 64;

export interface Settings {
  /** The address to listen on. */
  readonly host: string;
  /** The one port that people and programs use; 0 takes a free one. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** A PostgreSQL of the user's own; without it the embedded one runs. */
  readonly databaseUrl: string | undefined;
  /** The same database past a connection pooler. */
  readonly databaseDirectUrl: string | undefined;
  /** What each server's pool may hold at most; undefined: what fits. */
  readonly databaseConnections: number | undefined;
  /** How many server processes share the port. */
  readonly replicas: number;
  /** The admin API key to create at the first start; without it the server makes a random one. */
  readonly bootstrapKey: string | undefined;
  /** Where that key is kept, and made when there is none. */
  readonly bootstrapKeyFile: string;
  readonly logLevel: LogLevel;
  /** Whether the web console runs. */
  readonly console: boolean;
  /** Where it listens on 127.0.0.1, behind the one port; 0 takes a free one. */
  readonly consolePort: number;
  readonly demo: boolean;
  readonly reload: boolean;
}

/**
 * Reads the options, each of which wins over its environment variable. For help, and for a wrong value (named with its
 * option or variable), it writes a text and ends the process; a wrong database URL is a `LauncherError`.
 */
export function parseSettings(args: readonly string[], environment: NodeJS.ProcessEnv): Settings {
  dropEmpty(environment);
  takeSecretsFromFiles(environment);
  const command = new Command("npm start --")
    .description("Starts Muster: its database, its server, its console and the agents that ship with it.")
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(dataDirOption())
    .addOption(
      new Option("--database-url <url>", "use this PostgreSQL (15 or newer) and not the embedded one").env(
        "DATABASE_URL",
      ),
    )
    .addOption(
      new Option("--replicas <number>", "how many server processes share the port")
        .env("MUSTER_REPLICAS")
        .argParser(parseReplicas)
        .default(1),
    )
    .addOption(
      new Option("--log-level <level>", "what the logs hold")
        .env("MUSTER_LOG_LEVEL")
        .choices(LOG_LEVELS)
        .default("info"),
    )
    .addOption(
      new Option("--console-port <port>", "where the console listens, for this machine only (0: a free one)")
        .env("CONSOLE_PORT")
        .argParser(parsePort)
        .default(0),
    )
    .option("--no-console", "do not run the web console (env: MUSTER_CONSOLE=0)")
    .option("--no-demo", "do not start the agents that ship with Muster")
    .option("--reload", "restart the server and reload the console when a source file changes", false)
    .allowExcessArguments(false)
    .parse([...args], { from: "user" });

  const options = command.opts<{
    host: string;
    port: number;
    dataDir: string;
    databaseUrl?: string;
    replicas: number;
    logLevel: LogLevel;
    console: boolean;
    consolePort: number;
    demo: boolean;
    reload: boolean;
  }>();
  const hasConsole = options.console && isConsoleWanted(environment);
  if (hasConsole && options.consolePort !== 0 && options.consolePort === options.port) {
    throw new LauncherError(
      `CONSOLE_PORT (or --console-port) is Muster's own port ${options.port}: leave it out, or give another one.`,
    );
  }
  return {
    ...options,
    console: hasConsole,
    dataDir: resolve(options.dataDir),
    databaseUrl: checkedDatabaseUrl(options.databaseUrl, "DATABASE_URL (or --database-url)"),
    databaseDirectUrl: checkedDatabaseUrl(environment["DATABASE_DIRECT_URL"], "DATABASE_DIRECT_URL"),
    // A wrong value is the server's to name.
    databaseConnections: Number(environment["MUSTER_DATABASE_CONNECTIONS"]) || undefined,
    // Not an option: command lines are visible to every user of the machine.
    bootstrapKey: environment["MUSTER_BOOTSTRAP_KEY"],
    bootstrapKeyFile: bootstrapKeyFile(options.dataDir, environment),
  };
}

/** The admin key's place: the one that was named, else the data folder. */
export function bootstrapKeyFile(dataDir: string, environment: NodeJS.ProcessEnv): string {
  return resolve(environment["MUSTER_BOOTSTRAP_KEY_FILE"] ?? join(dataDir, "bootstrap-key"));
}

/** A variable that is set but empty is how shells and containers say "not set". */
export function dropEmpty(environment: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(environment)) if (value === "") delete environment[name];
}

/** What the launcher itself needs of them; the server reads the others. */
function takeSecretsFromFiles(environment: NodeJS.ProcessEnv): void {
  try {
    for (const name of ["DATABASE_URL", "DATABASE_DIRECT_URL"]) {
      const { [name]: secret } = withSecretsFromFiles(environment, [name]);
      if (secret !== undefined) environment[name] = secret;
      delete environment[`${name}_FILE`];
    }
  } catch (error) {
    if (error instanceof SecretFileError) throw new LauncherError(error.message);
    throw error;
  }
}

export function portOption(): Option {
  return new Option("--port <port>", "where Muster listens").env("PORT").argParser(parsePort).default(4000);
}

export function hostOption(): Option {
  return new Option("--host <address>", "the address it listens on").env("MUSTER_HOST").default("127.0.0.1");
}

export function dataDirOption(): Option {
  return new Option("--data-dir <folder>", "where everything is kept").env("MUSTER_DATA_DIR").default(".muster");
}

function isConsoleWanted({ MUSTER_CONSOLE: answer }: NodeJS.ProcessEnv): boolean {
  if (answer === undefined || answer === "1") return true;
  if (answer === "0") return false;
  throw new LauncherError("MUSTER_CONSOLE is not valid: give 1 to run the console, or 0 to do without.");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a number from 0 to 65535.");
}

function parseReplicas(text: string): number {
  const replicas = Number(text);
  if (/^\d{1,2}$/.test(text) && replicas >= 1 && replicas <= MOST_REPLICAS) return replicas;
  throw new InvalidArgumentError(`Give a number from 1 to ${MOST_REPLICAS}.`);
}

/** Checked apart from the other options, whose error messages show the value: this one may hold a password. */
function checkedDatabaseUrl(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  throw new LauncherError(`${name} is not valid: give a URL like postgres://user:password@host:5432/muster.`);
}
