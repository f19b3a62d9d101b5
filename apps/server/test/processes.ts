import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { onTestFinished } from "vitest";
import { type Answer, ask } from "./harness.ts";

const SERVER = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const WORKER = fileURLToPath(new URL("./fixtures/worker.ts", import.meta.url));
/** An agent with something in mind of its context "plan". */
export const PLANNER = fileURLToPath(new URL("./fixtures/planner.ts", import.meta.url));

/** A server as a process of its own that can be killed and started again on the same port. */
export interface ServerProcess {
  readonly adminKey: string;
  url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** SIGTERM; gives the exit code once it is gone. */
  terminate(): Promise<number | null>;
  ask<Data>(query: string, variables?: unknown): Promise<Answer<Data>>;
  /** What it has written into its log so far. */
  log(): string;
}

/** Starts a server process with short time-outs. It is ended with the test. */
export async function startServerProcess(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-server-process-"));
  const adminKey = newAdminKey();
  let child: ChildProcess | undefined;
  let port = "0";
  let written = "";
  const server: ServerProcess = {
    adminKey,
    url: "",
    async start() {
      child = fork(SERVER, {
        stdio: ["ignore", "pipe", "inherit", "ipc"],
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          PORT: port,
          MUSTER_DATA_DIR: dataDir,
          MUSTER_BOOTSTRAP_KEY: adminKey,
          MUSTER_LOG_LEVEL: "error",
          MUSTER_SUPERVISE: "0",
          MUSTER_HEARTBEAT_TIMEOUT_MS: "3000",
          MUSTER_LEASE_MS: "3000",
          MUSTER_START_TIMEOUT_MS: "3000",
          ...environment,
        },
      });
      child.stdout?.setEncoding("utf8").on("data", (text: string) => (written += text));
      const [message] = (await Promise.race([
        once(child, "message"),
        once(child, "exit").then(() => {
          throw new Error("The server ended before it was ready.");
        }),
      ])) as [{ url: string }];
      server.url = message.url;
      port = new URL(message.url).port;
    },
    async kill() {
      await kill(child);
    },
    async terminate() {
      if (!child) return null;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      return ((await exited) as [number | null])[0];
    },
    ask: (query, variables) => ask(server.url, adminKey, query, variables),
    log: () => written,
  };
  await server.start();
  onTestFinished(async () => {
    await kill(child);
    await rm(dataDir, { recursive: true, force: true });
  });
  return server;
}

/** An agent process of the SDK that does what `fixtures/worker.ts` says, or another fixture. It is ended with the test. */
export function startWorker(
  url: string,
  agent: { id: string; key: string },
  journal: string,
  environment: Record<string, string> = {},
  program = WORKER,
): ChildProcess {
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      MUSTER_URL: url,
      MUSTER_AGENT_ID: agent.id,
      MUSTER_AGENT_KEY: agent.key,
      MUSTER_HEARTBEAT_MS: "500",
      MUSTER_TEST_JOURNAL: journal,
      MUSTER_LOG_LEVEL: "error",
      ...environment,
    },
  });
  onTestFinished(() => kill(child));
  return child;
}

/** SIGKILL, and waits until the process has gone. */
export async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Resolves when the process has gone, also when it had gone before. */
export async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** A file to which workers write; its lines so far. */
export async function createJournal(): Promise<{ path: string; lines: () => Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), "muster-journal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "journal");
  return {
    path,
    lines: async () => (await readFile(path, "utf8").catch(() => "")).split("\n").filter(Boolean),
  };
}

/** Asks until the answer is what is wanted, or the time is up: then the last answer is in the error. */
export async function eventually<Value>(
  look: () => Promise<Value>,
  wanted: (value: Value) => boolean,
  limitMs = 20_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await look();
      if (wanted(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(
    `It did not happen within ${limitMs} ms. Last seen: ${last instanceof Error ? last.stack : JSON.stringify(last)}`,
  );
}
