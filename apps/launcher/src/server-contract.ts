import { join } from "node:path";
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

/** The environment of the server's process: ours, and what we found out or were told by options. */
export function serverEnvironment(
  settings: Settings,
  inherited: NodeJS.ProcessEnv,
  database: DatabaseServer,
  console: ConsoleServer | null,
): NodeJS.ProcessEnv {
  return {
    ...inherited,
    DATABASE_URL: database.url,
    MUSTER_HOST: settings.host,
    PORT: String(settings.port),
    ...(console === null ? {} : { CONSOLE_UPSTREAM: console.url }),
    MUSTER_DATA_DIR: settings.dataDir,
    MUSTER_LOG_LEVEL: settings.logLevel,
    MUSTER_DEMO: settings.demo ? "1" : "0",
    MUSTER_BOOTSTRAP_KEY: settings.bootstrapKey,
    MUSTER_BOOTSTRAP_KEY_FILE: join(settings.dataDir, "bootstrap-key"),
    MUSTER_EMBEDDED_DATA_DIR: database.embeddedDataDir,
  };
}
