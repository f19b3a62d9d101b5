import type { LogFile } from "@muster/database/embedded/log-file.ts";
import { type KeptRunning, keepRunning } from "./keep-running.ts";
import { type ServerNeeds, type ServerReady, serverEnvironment } from "./server-contract.ts";
import type { Settings } from "./settings.ts";
import { type ProcessRun, startProcess } from "./start-process.ts";
import type { StopSignals } from "./stop-signals.ts";

/** The server's processes, each a replica of the others, which share one port. */
export interface Servers {
  /** What the first one said. */
  readonly ready: ServerReady;
  /** Rejects with a `LauncherError` when one died again and again and no other runs. */
  readonly ended: Promise<void>;
  /** Stops all and starts them again at once. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServersOptions {
  readonly settings: Settings;
  /** The server's program, a path. */
  readonly serverEntry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signals: StopSignals;
  readonly log: LogFile;
  say(line: string): void;
}

type Server = KeptRunning<ProcessRun<ServerReady>>;

/**
 * Starts one server, which makes what a first start has to make and finds the port, then the others; and each again whenever
 * it dies. Throws a `LauncherError` when one does not start, and then none runs.
 */
export async function startServers(options: ServersOptions, needs: ServerNeeds): Promise<Servers> {
  const { settings } = options;
  const servers: Server[] = [];
  let { port } = settings;
  const start = async (replica: number) => {
    const server = await startServer(options, {
      replica,
      isDispensable: () => servers.some((other, at) => at !== replica - 1 && other.isRunning()),
      environment: () => serverEnvironment(settings, options.environment, needs, { port, replica }),
    });
    servers[replica - 1] = server;
    return server;
  };
  // All at once: one that still ran would take over the agents of one that has stopped.
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));

  const { ready } = (await start(1)).first;
  port = portOf(ready.url);
  const others = Array.from({ length: settings.replicas - 1 }, (_, index) => start(index + 2));
  const failed = (await Promise.allSettled(others)).find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    ready,
    ended: Promise.race(servers.map((server) => server.ended)),
    restart: async () => void (await Promise.all(servers.map((server) => server.restart()))),
    stop,
  };
}

interface Replica {
  readonly replica: number;
  isDispensable(): boolean;
  environment(): NodeJS.ProcessEnv;
}

function startServer(
  { settings, serverEntry, signals, log, say }: ServersOptions,
  { replica, isDispensable, environment }: Replica,
): Promise<Server> {
  const isAlone = settings.replicas === 1;
  const name = isAlone ? "the server" : `replica ${replica}`;
  return keepRunning<ProcessRun<ServerReady>>({
    name,
    say,
    logFile: log.path,
    isDispensable,
    start: () =>
      startProcess<ServerReady>({
        name,
        record: isAlone ? "server" : `server-${replica}`,
        entry: serverEntry,
        environment: environment(),
        dataDir: settings.dataDir,
        log,
        signals,
      }),
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port || 80);
}
