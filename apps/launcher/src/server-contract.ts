import type { ConsoleServer } from "./console-server.ts";
import type { DatabaseServer } from "./database-server.ts";
import type { Settings } from "./settings.ts";

/** What the server tells its launcher once it can be used. */
export interface ServerReady {
  readonly type: "ready";
  readonly url: string;
  /** A link that signs in once, within an hour; null when this start has no key to show. */
  readonly signInUrl: string | null;
  readonly agents: readonly { readonly name: string; readonly state: string }[];
}

export interface ServerNeeds {
  readonly database: DatabaseServer;
  /** Null when it is not wanted. */
  readonly console: ConsoleServer | null;
}

/**
 * The environment of a server's process: ours, and what we found out or were told by options. Of several, the first one
 * alone keeps the key, shows the link and feeds the demo.
 */
export function serverEnvironment(
  settings: Settings,
  inherited: NodeJS.ProcessEnv,
  { database, console }: ServerNeeds,
  { port, replica }: { port: number; replica: number },
): NodeJS.ProcessEnv {
  const isFirst = replica === 1;
  return {
    ...inherited,
    DATABASE_URL: database.url,
    MUSTER_DATABASE_CONNECTIONS: inherited["MUSTER_DATABASE_CONNECTIONS"] ?? String(database.connections.ofServer),
    MUSTER_HOST: settings.host,
    PORT: String(port),
    ...(settings.replicas > 1 ? { MUSTER_REUSE_PORT: "1", MUSTER_REPLICA: String(replica) } : {}),
    ...(console === null ? {} : { CONSOLE_UPSTREAM: console.url }),
    MUSTER_DATA_DIR: settings.dataDir,
    MUSTER_LOG_LEVEL: settings.logLevel,
    MUSTER_DEMO: settings.demo && isFirst ? "1" : "0",
    MUSTER_BOOTSTRAP_KEY: isFirst ? settings.bootstrapKey : undefined,
    MUSTER_BOOTSTRAP_KEY_FILE: isFirst ? settings.bootstrapKeyFile : undefined,
    MUSTER_EMBEDDED_DATA_DIR: database.embeddedDataDir,
  };
}
