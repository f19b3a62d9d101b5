import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const REPORTER = new URL("./usage-reporter.ts", import.meta.url).href;

/** What a process has used: the time of all its threads so far, and the memory it holds now. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly rssBytes: number;
}

/** A process of its own that tells what it uses. It ends when this one does. */
export class MeasuredProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  /** Runs `program`, a file beside the others of the benchmark, with `environment` on top of this process's. */
  constructor(program: URL, environment: Readonly<Record<string, string>> = {}) {
    this.#child = fork(fileURLToPath(program), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: ["--expose-gc", "--import", REPORTER],
      env: { ...process.env, ...environment },
    });
    this.#exited = once(this.#child, "exit");
  }

  /** Resolves with the next message that `wanted` accepts. Rejects when the process ends before. */
  async message<Message>(wanted: (message: unknown) => message is Message): Promise<Message> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = () => {
        child.off("message", onMessage);
        child.off("exit", onExit);
      };
      const onMessage = (message: unknown) => {
        if (!wanted(message)) return;
        settle();
        resolve(message);
      };
      const onExit = () => {
        settle();
        reject(new Error(`${child.spawnfile} ${child.spawnargs.at(-1)} ended too early.`));
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      if (this.#hasEnded) onExit();
    });
  }

  send(message: string | object): void {
    // When it has ended, the answer that is awaited says so.
    this.#child.send(message, () => {});
  }

  /** What it uses now. With `collect`, after a garbage collection. */
  async usage({ collect = false } = {}): Promise<Usage> {
    const answer = this.message(isUsage);
    this.send(collect ? "collect" : "usage");
    return (await answer).usage;
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill("SIGTERM");
    await this.#exited;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

function isUsage(message: unknown): message is { usage: Usage } {
  return typeof message === "object" && message !== null && "usage" in message;
}
