import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatId, parseId } from "@muster/domain/ids.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { rotateAgentKey } from "@muster/operations/agents/rotate-agent-key.ts";
import { registerDefinition } from "@muster/operations/definitions/register-definition.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { FolderLocked, type FolderLock, lockFolder } from "@muster/processes/folder-lock.ts";
import { supervisedAgents } from "@muster/operations/supervision/supervised-agents.ts";
import { AgentKeeper } from "./agent-keeper.ts";
import { move, supervisor } from "./agent-moves.ts";
import { type AgentPackage, readPackages } from "./agent-package.ts";
import { agentEnvironment } from "./environment.ts";
import type { KeeperHost } from "./keeper-host.ts";
import type { Log } from "./log.ts";
import { NEW_RECORD, type ProcessRecord, readRecords } from "./process-record.ts";
import { ProcessSlot } from "./process-slot.ts";
import { DEFAULT_SETTINGS, type SupervisorSettings } from "./settings.ts";

export interface SupervisorOptions {
  readonly runtime: Runtime;
  /** The packages are `<packagesFolder>/<name>/muster.json`. */
  readonly packagesFolder: string;
  /** Of this installation; records and output of the agents' processes are in `agents` below it. */
  readonly dataDir: string;
  /** Where agents find the API, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly log: Log;
  readonly settings?: Partial<SupervisorSettings>;
  /** Calls `wake` when agents may have changed, and gives a function that ends that. Only a hint: rows are polled anyway. */
  readonly changes?: (wake: () => void) => () => void;
}

export interface Supervisor {
  /**
   * Registers the packages and begins to run agents. Resolves after the first look at them, or at once when another
   * server has the data folder: then this one takes over when that has gone. Throws when the data folder is not writable.
   */
  start(): Promise<void>;
  /** Ends every agent's process (SIGTERM, then SIGKILL for the whole group) and leaves the agents OFFLINE. */
  stop(): Promise<void>;
}

/** However many hints come, rows are read at most this often. */
const SHORTEST_PAUSE_MS = 50;

/**
 * Runs agent packages as processes: an agent in DEPLOYING whose definition comes from a package gets one, which is kept
 * until its state asks for none (`PROCESS_NEED`). Agents that were started by other means are left alone.
 *
 * A process survives the server: it writes to a file and reconnects by itself. A supervisor that finds one of an earlier
 * run (same pid and same start time) **adopts** it, so that its tasks go on, when its program's file, its definition
 * version and the API's address are what a new process would get, and it had not been told to stop. From then on it is
 * treated like any other, so that one whose agent has been stopped meanwhile is ended. Otherwise it is **reaped** (SIGTERM
 * to its group, SIGKILL after 5 s) and replaced.
 *
 * `stop` records which agents were running: `start` brings those back, and not those that an operator had stopped. One
 * supervisor at a time acts on a data folder. Several machines over one database need supervision switched off on all
 * but one of them.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { runtime, log } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const folder = join(options.dataDir, "agents");
  const keepers = new Map<string, AgentKeeper>();
  let stopping = false;
  let packages: ReadonlyMap<string, AgentPackage> = new Map();
  let nextScan = 0;
  let lock: FolderLock | null = null;
  let hinted = Promise.withResolvers<void>();
  let loop: Promise<void> | null = null;
  let ignoreChanges = () => {};
  const wake = () => hinted.resolve();
  const read = (agentIds: string[], slugs: string[] = []) => supervisedAgents(runtime, supervisor, { slugs, agentIds });

  const host: KeeperHost = {
    settings,
    log,
    url: options.url,
    // Sooner than Muster would lose it, because we can quote its output.
    connectMs: runtime.settings.deployTimeoutMs * 0.8,
    packageOf: (slug) => packages.get(slug),
    read: async (agentId) => (await read([agentId]))[0] ?? null,
    move: (seen, action, reason) => move(runtime, seen, action, reason),
    async environment(agent) {
      const { key } = await rotateAgentKey(runtime, supervisor, { agentId: agent.id });
      return agentEnvironment(agent, { url: options.url, key });
    },
    wake,
  };

  function keep(agentId: string, record: ProcessRecord = NEW_RECORD): AgentKeeper {
    const keeper = new AgentKeeper(agentId, new ProcessSlot(folder, agentId, record, settings), host);
    keepers.set(agentId, keeper);
    return keeper;
  }

  async function takeOver(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const taken = await lockFolder(folder, "supervisor").catch((error: unknown) => {
      if (error instanceof FolderLocked) return null;
      throw error;
    });
    if (!taken) return;
    const onBroken = (path: string, error: unknown) =>
      log.error({ path, err: error }, "The record of an agent's process is broken and ignored.");
    for (const [publicId, record] of await readRecords(folder, onBroken)) {
      const agentId = parseId("agent", publicId);
      if (agentId) keep(agentId, record);
    }
    lock = taken;
  }

  async function scan(): Promise<void> {
    const found = await readPackages(options.packagesFolder, log);
    for (const [slug, { folder: path, definition }] of found) {
      try {
        await registerDefinition(runtime, supervisor, definition);
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        found.delete(slug);
        log.error({ path, reason: error.message }, "An agent package is broken and left out.");
      }
    }
    packages = found;
    nextScan = performance.now() + settings.scanMs;
  }

  async function look(): Promise<void> {
    hinted = Promise.withResolvers();
    if (performance.now() >= nextScan) await scan();
    // Before the reading, so that what it shows of them is newer than what their keepers saw last.
    for (const [agentId, keeper] of keepers) if (keeper.isDone) keepers.delete(agentId);
    const rows = new Map((await read([...keepers.keys()], [...packages.keys()])).map((row) => [row.id, row]));
    for (const agentId of rows.keys()) if (!keepers.has(agentId)) keep(agentId);
    for (const [agentId, keeper] of keepers) keeper.offer(rows.get(agentId) ?? null);
  }

  async function turn(): Promise<void> {
    try {
      if (!lock) await takeOver();
      if (lock) await look();
    } catch (error) {
      log.warn({ err: error }, "The supervisor could not look after the agents just now.");
    }
  }

  function trimOutputs(): void {
    for (const keeper of keepers.values()) {
      keeper
        .trimOutput()
        .catch((error) =>
          log.warn({ err: error, agentId: formatId("agent", keeper.agentId) }, "An agent's output could not be cut."),
        );
    }
  }

  async function run(): Promise<void> {
    const trimming = setInterval(trimOutputs, settings.outputCheckMs).unref();
    while (!stopping) {
      const poll = setTimeout(wake, settings.pollMs).unref();
      await hinted.promise;
      clearTimeout(poll);
      await sleep(SHORTEST_PAUSE_MS);
      if (!stopping) await turn();
    }
    clearInterval(trimming);
  }

  return {
    async start() {
      await takeOver();
      if (!lock)
        log.info({ folder }, "Another server runs the agents of this data folder; this one waits to take over.");
      await turn();
      ignoreChanges = options.changes?.(wake) ?? ignoreChanges;
      loop = run();
    },
    async stop() {
      stopping = true;
      wake();
      ignoreChanges();
      await loop;
      const closed = await Promise.allSettled([...keepers.values()].map((keeper) => keeper.close()));
      for (const result of closed) {
        if (result.status === "rejected") log.warn({ err: result.reason }, "An agent's end could not be recorded.");
      }
      keepers.clear();
      lock?.release();
      lock = null;
    },
  };
}
