import { join } from "node:path";
import type { EmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { type DatabaseConnections, databaseConnections, type ServerCount } from "./database-connections.ts";
import { keepRunning, type Run } from "./keep-running.ts";

/** The database that the server is to use. */
export interface DatabaseServer {
  readonly url: string;
  /** How many the servers may open. */
  readonly connections: DatabaseConnections;
  /** Where the embedded one keeps its data, to be named to `stopEmbeddedPostgres`; undefined for the user's own. */
  readonly embeddedDataDir: string | undefined;
  /** Rejects when the embedded one can no longer be kept running. */
  readonly ended: Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

/** What a PostgreSQL allows unless it is told otherwise. */
const USUAL_CONNECTIONS = 100;
const EMBEDDED_CONNECTIONS = 200;

interface PostgresRun extends Run {
  readonly postgres: EmbeddedPostgres;
}

/** The user's own server, which we neither start nor stop. */
export function externalDatabase(url: string, servers: ServerCount): DatabaseServer {
  const connections = databaseConnections(servers, USUAL_CONNECTIONS);
  return { url, connections, embeddedDataDir: undefined, ended: new Promise(() => {}), stop: async () => {} };
}

/** Runs the embedded PostgreSQL below `dataDir`, and again on the same port whenever it dies. */
export async function embeddedDatabase(
  dataDir: string,
  servers: ServerCount,
  say: (line: string) => void,
): Promise<DatabaseServer> {
  const connections = databaseConnections(servers, EMBEDDED_CONNECTIONS);
  const { startEmbeddedPostgres } = await import("@muster/database/embedded/start-embedded-postgres.ts");
  const embeddedDataDir = join(dataDir, "postgres");
  let port: number | undefined;
  let graceMs: number | undefined;
  const kept = await keepRunning<PostgresRun>({
    name: "PostgreSQL",
    say,
    logFile: join(embeddedDataDir, "postgres.log"),
    async start() {
      const postgres = await startEmbeddedPostgres({
        dataDir: embeddedDataDir,
        log: say,
        settings: { max_connections: String(Math.max(EMBEDDED_CONNECTIONS, connections.inAll)) },
        ...(port === undefined ? {} : { port }),
      });
      port = postgres.port;
      return {
        postgres,
        exited: postgres.exited.then(() => "it died"),
        stop: () => postgres.stop(graceMs === undefined ? {} : { graceMs }),
      };
    },
  });
  const url = new URL(kept.first.postgres.url);
  url.pathname = "/muster";
  return {
    url: url.href,
    connections,
    embeddedDataDir,
    ended: kept.ended,
    async stop(grace) {
      graceMs = grace;
      await kept.stop();
    },
  };
}
