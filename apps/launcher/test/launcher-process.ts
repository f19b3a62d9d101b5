import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./start-with-fake-server.ts", import.meta.url));

/** A launcher in a process of its own, in front of the server that only pretends. */
export interface LauncherProcess {
  readonly child: ChildProcess;
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Resolves when the output holds the text; fails when the process ends without it. */
  until(text: string): Promise<void>;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

export function startLauncher(args: readonly string[], environment: NodeJS.ProcessEnv = {}): LauncherProcess {
  const {
    PORT: _port,
    DATABASE_URL: _url,
    CONSOLE_PORT: _console,
    MUSTER_CONSOLE: _wanted,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    // A process group of its own, as a terminal gives: Ctrl-C is a signal to that group.
    detached: true,
    env: { ...inherited, ...environment },
  });
  let output = "";
  let changed = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      changed();
    });
  }
  let isOver = false;
  const ended = once(child, "close").then(([code, signal]) => {
    isOver = true;
    changed();
    return (signal ?? code) as number | string;
  });
  return {
    child,
    ended,
    output: () => output,
    async until(text) {
      while (!output.includes(text)) {
        if (isOver) throw new Error(`The launcher ended without saying ${JSON.stringify(text)}:\n${output}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
}
