import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A program in a process of its own that answers messages. */
export interface ChildProgram {
  send(message: string | object): void;
  /** Resolves with the next message that has this property. Rejects when the process ends before. */
  answer<Answer>(property: string): Promise<Answer>;
}

/** The programs of a measurement: they end with it. */
export class ChildPrograms {
  readonly #environment: Readonly<Record<string, string>>;
  readonly #children: ChildProcess[] = [];

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  start(program: string, args: readonly string[]): ChildProgram {
    const child = fork(program, args, { env: { ...process.env, ...this.#environment } });
    this.#children.push(child);
    return {
      send: (message) => void child.send(message),
      answer: (property) => answer(child, property),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, "exit");
        child.kill();
        await exited;
      }),
    );
  }
}

function answer<Answer>(child: ChildProcess, property: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown) => {
      if (typeof message !== "object" || message === null || !(property in message)) return;
      settle();
      resolve(message as Answer);
    };
    const onExit = () => {
      settle();
      reject(new Error(`${child.spawnargs.join(" ")} ended too early.`));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
