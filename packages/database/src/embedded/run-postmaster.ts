import { spawn } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { type Cluster, credentials, postgresEnvironment } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { freePort } from "./free-port.ts";
import type { LogFile } from "./log-file.ts";
import { type Postmaster, readPostmasterFile, stopPostmaster } from "./postmaster.ts";
import { commandLine, processStart } from "@muster/processes/process-identity.ts";
import { isPortTaken, isStillInUse, startFailure } from "./start-failure.ts";

export interface RunPostmasterInput {
  readonly dataDir: string;
  readonly cluster: Cluster;
  readonly binaries: PostgresBinaries;
  readonly account: Account | null;
  readonly logFile: LogFile;
  readonly options: { readonly port?: number; readonly settings?: Readonly<Record<string, string>> };
}

export interface RunningPostmaster {
  readonly postmaster: Postmaster;
  readonly port: number;
  readonly exited: Promise<void>;
  /** From now on our process lives at least until PostgreSQL has ended; before, it does not wait for it. */
  holdOn(): void;
}

/** Recovery after a crash replays at most `max_wal_size` (1 GB), which a slow disk can take minutes for. */
const READY_MS = 180_000;
const IN_USE_MS = 15_000;
const PORT_ATTEMPTS = 5;

/** For a small machine that runs other things too. Durability stays as PostgreSQL ships it: fsync and synchronous_commit on. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  log_min_messages: "warning",
  log_checkpoints: "off",
  log_line_prefix: "%m [%p] %a ",
  timezone: "UTC",
};

/** Starts the postmaster of a prepared cluster and waits until it accepts connections. */
export async function runPostmaster(input: RunPostmasterInput): Promise<RunningPostmaster> {
  const inUseUntil = performance.now() + IN_USE_MS;
  for (let attempt = 1; ; attempt++) {
    const port = input.options.port ?? (await freePort());
    const output = await start(input, port);
    if (typeof output !== "string") return { ...output, port };
    if (isStillInUse(output) && performance.now() < inUseUntil) {
      removeStaleFile(input.cluster.folder);
      await sleep(200);
    } else if (!isPortTaken(output) || input.options.port !== undefined || attempt >= PORT_ATTEMPTS) {
      const { dataDir, logFile } = input;
      throw startFailure(output, { dataDir, what: "PostgreSQL did not start", port, logFile: logFile.path });
    }
  }
}

/** One attempt: the running postmaster, or what it wrote into the log before it ended. */
async function start(
  { cluster, binaries, account, logFile, options }: RunPostmasterInput,
  port: number,
): Promise<Omit<RunningPostmaster, "port"> | string> {
  const logged = statSync(logFile.path).size;
  const settings = { ...SETTINGS, port: String(port), ...options.settings };
  const child = spawn(
    join(binaries.folder, "bin", "postgres"),
    ["-D", cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    {
      detached: true,
      cwd: cluster.folder,
      env: postgresEnvironment(),
      stdio: ["ignore", logFile.descriptor, logFile.descriptor],
      ...credentials(account),
    },
  );
  child.unref();
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
  });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const aborted = new AbortController();
  const ended = exited.then(() =>
    aborted.signal.aborted ? "" : readFileSync(logFile.path).subarray(logged).toString("utf8"),
  );
  try {
    return await Promise.race([failed, ended, whenReady()]);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw startFailure(String(error), { dataDir: cluster.folder, what: "PostgreSQL could not be started" });
  } finally {
    aborted.abort();
  }

  async function whenReady(): Promise<Omit<RunningPostmaster, "port">> {
    const deadline = performance.now() + READY_MS;
    while (!aborted.signal.aborted) {
      const { pid } = child;
      const seen = readPostmasterFile(cluster.folder);
      const begun = pid === undefined ? null : processStart(pid);
      if (pid !== undefined && begun !== null) {
        const postmaster = { pid, start: begun };
        if (seen?.ready && seen.pid === pid) return { postmaster, exited, holdOn: () => child.ref() };
        if (performance.now() > deadline) {
          await stopPostmaster(postmaster, 1_000);
          throw new EmbeddedPostgresError(
            "NOT_STARTED",
            `PostgreSQL was not ready after ${READY_MS / 1000} s; its log is in ${logFile.path}.`,
          );
        }
      }
      await sleep(10);
    }
    return new Promise(() => {});
  }
}

/**
 * PostgreSQL believes a `postmaster.pid` as long as some process of its user has that pid. After a crash that may be a
 * stranger who got the number again, which we can tell. A dead pid is PostgreSQL's own to judge: it also looks for
 * backends that outlived their postmaster.
 */
function removeStaleFile(cluster: string): void {
  const pid = readPostmasterFile(cluster)?.pid;
  if (pid && processStart(pid) !== null && !commandLine(pid).includes(cluster)) {
    rmSync(join(cluster, "postmaster.pid"), { force: true });
  }
}
