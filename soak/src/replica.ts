import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Cluster } from "./cluster.ts";
import { type DatabaseProxy, startDatabaseProxy } from "./database-proxy.ts";

const SERVER = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const READY_MS = 60_000;
const START_ATTEMPTS = 3;

/** A server process that can be killed and started again on the same port, with a proxy before its database. */
export interface Replica {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly proxy: DatabaseProxy;
  /** Null while it does not run. */
  readonly pid: number | null;
  /** Starts it, if it does not run. */
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it for good, with its proxy and its folder. */
  remove(): Promise<void>;
}

/** Starts several at once; `cleanUp` ends those that were started, also when one could not be. */
export async function startReplicas(
  count: number,
  cluster: Cluster,
  adminKey: string,
  cleanUp: AsyncDisposableStack,
): Promise<Replica[]> {
  const starting = Array.from({ length: count }, async (_, index) => {
    const replica = await startReplica(`replica-${index + 1}`, cluster, adminKey);
    cleanUp.defer(() => replica.remove());
    return replica;
  });
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

/** Starts a server over the cluster. Rejects, and leaves nothing behind, when it does not get ready. */
export async function startReplica(name: string, cluster: Cluster, adminKey: string): Promise<Replica> {
  const dataDir = await mkdtemp(join(tmpdir(), `muster-soak-${name}-`));
  const proxy = await startDatabaseProxy(cluster.port);
  let child: ChildProcess | null = null;
  let url = "";
  const replica: Replica = {
    name,
    proxy,
    get url() {
      return url;
    },
    get port() {
      return Number(new URL(url).port);
    },
    get pid() {
      return child?.pid ?? null;
    },
    async start() {
      if (child) return;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await startOnce();
        } catch (error) {
          await replica.kill();
          // As whatever keeps a server running does: the database may have been away for a moment.
          if (attempt === START_ATTEMPTS) throw error;
          await sleep(500);
        }
      }
    },
    async kill() {
      if (!child) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
    async remove() {
      await replica.kill();
      await proxy.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };

  async function startOnce(): Promise<void> {
    const started = fork(SERVER, {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        DATABASE_URL: cluster.urlThrough(proxy.port),
        PORT: url === "" ? "0" : new URL(url).port,
        MUSTER_DATA_DIR: dataDir,
        MUSTER_BOOTSTRAP_KEY: adminKey,
        MUSTER_LOG_LEVEL: "silent",
        MUSTER_SUPERVISE: "0",
        MUSTER_DATABASE_CONNECTIONS: "8",
        // Should this process be killed, the last replica to notice ends PostgreSQL too.
        MUSTER_EMBEDDED_DATA_DIR: cluster.dataDir,
      },
    });
    child = started;
    started.once("exit", () => {
      if (child === started) child = null;
    });
    url = await readyUrl(started);
  }

  try {
    await replica.start();
    return replica;
  } catch (error) {
    await replica.remove();
    throw error;
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const timedOut = AbortSignal.timeout(READY_MS);
    const [message] = (await Promise.race([
      once(child, "message", { signal: AbortSignal.any([signal, timedOut]) }),
      once(child, "exit", { signal }).then(() => {
        throw new Error("A server ended before it was ready.");
      }),
    ])) as [{ url: string }];
    return message.url;
  } finally {
    settled.abort();
  }
}
