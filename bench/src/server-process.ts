import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { MeasuredProcess, type Usage } from "./measured-process.ts";

const SERVER = new URL("../../apps/server/src/main.ts", import.meta.url);

/** One Muster server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** An admin key that works there. */
  readonly key: string;
  usage(options?: { collect?: boolean }): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts a server over `databaseUrl`, without console and agents, and waits until it is ready. */
export async function startServerProcess(databaseUrl: string): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-bench-server-"));
  const key = newAdminKey();
  const server = new MeasuredProcess(SERVER, {
    DATABASE_URL: databaseUrl,
    PORT: "0",
    MUSTER_DATA_DIR: dataDir,
    MUSTER_BOOTSTRAP_KEY: key,
    MUSTER_LOG_LEVEL: "error",
    MUSTER_SUPERVISE: "0",
    // The fleet of a benchmark has no processes that could heartbeat.
    MUSTER_HEARTBEAT_TIMEOUT_MS: "86400000",
    // One key stands for all clients.
    MUSTER_SOCKETS_PER_CREDENTIAL: "100000",
    MUSTER_OPERATIONS_PER_SECOND: "100000",
    MUSTER_MESSAGES_PER_SECOND: "100000",
  });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const { url } = await server.message(isReady);
    return { url, key, usage: (options) => server.usage(options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isReady(message: unknown): message is { type: "ready"; url: string } {
  return typeof message === "object" && message !== null && "type" in message && message.type === "ready";
}
