import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openLogFile } from "@muster/database/embedded/log-file.ts";
import { FolderLocked, lockFolder } from "@muster/processes/folder-lock.ts";
import { consoleEnvironment, consoleFolder } from "./console-environment.ts";
import { keepRunning } from "./keep-running.ts";
import { LauncherError } from "./launcher-error.ts";
import { provideConsoleBuild, type ProvidedBuild } from "./provide-console-build.ts";
import type { Settings } from "./settings.ts";
import { type ProcessRun, startProcess } from "./start-process.ts";
import type { StopSignals } from "./stop-signals.ts";

/** The console's process, which the server forwards to. */
export interface ConsoleServer {
  readonly url: string;
  /** Rejects when it can no longer be kept running. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What the console tells its launcher once it answers. */
interface ConsoleReady {
  readonly type: "ready";
  readonly port: number;
}

export interface ConsoleOptions {
  readonly settings: Settings;
  /** The root of the repository. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signals: StopSignals;
  say(line: string): void;
}

/** One that was just killed may be there for another moment. */
const DYING_MS = 1_000;

/**
 * Builds the console when that is needed and runs it, and again on the same port whenever it dies. With `reload` it is
 * Next's development server, which builds what is asked for. Throws a `LauncherError`.
 */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleServer> {
  const { settings, root, environment, signals, say } = options;
  const logs = join(settings.dataDir, "logs");
  const build = settings.reload
    ? await takeDevelopmentFolder(root)
    : await provideConsoleBuild({
        root,
        environment,
        logFile: join(logs, "console-build.log"),
        stop: signals.stop,
        say,
      });
  const log = openLogFile(join(logs, "console.log"));
  const close = () => {
    log.close();
    build.release();
  };
  let port = settings.consolePort;
  try {
    const kept = await keepRunning<ProcessRun<ConsoleReady>>({
      name: "the console",
      say,
      logFile: log.path,
      async start() {
        const run = await startProcess<ConsoleReady>({
          name: "the console",
          record: "console",
          entry: join(consoleFolder(root), "src", "main.ts"),
          environment: {
            ...consoleEnvironment(environment, {
              mode: settings.reload ? "development" : "production",
              distDir: build.distDir,
            }),
            CONSOLE_PORT: String(port),
          },
          dataDir: settings.dataDir,
          log,
          signals,
        });
        port = run.ready.port;
        return run;
      },
    });
    return {
      url: `http://127.0.0.1:${port}`,
      ended: kept.ended,
      async stop() {
        await kept.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Next's development server keeps what it makes in `.next/dev`, for one at a time. */
async function takeDevelopmentFolder(root: string): Promise<ProvidedBuild> {
  const folder = join(consoleFolder(root), ".next");
  try {
    mkdirSync(folder, { recursive: true });
    const lock = await lockFolder(folder, "dev", DYING_MS);
    return { distDir: ".next", release: () => lock.release() };
  } catch (error) {
    const problem =
      error instanceof FolderLocked
        ? `is in use by process ${error.pid}: stop that one`
        : "cannot be written: start as the user who owns it";
    throw new LauncherError(
      `The folder ${folder}, which the console needs to reload, ${problem}, or use --no-console.`,
      { cause: error },
    );
  }
}
