import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program beside Muster that answers each message with one. It ends with this process, or when it is told to. */
export interface HelperProcess {
  /** The next message that it sends; after one of ours, where there is one. */
  ask<Answer>(message?: string | object): Promise<Answer>;
  end(): void;
}

/** Runs a program in TypeScript. */
export function startHelper(program: URL, ...options: string[]): HelperProcess {
  const child: ChildProcess = fork(fileURLToPath(program), options, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  return {
    async ask<Answer>(message?: string | object) {
      const answered = once(child, "message");
      if (message !== undefined) child.send(message);
      const ended = once(child, "exit").then(() => {
        throw new Error(`${program.pathname} ended before it answered.`);
      });
      const [answer] = await Promise.race([answered, ended]);
      return answer as Answer;
    },
    end: () => void child.kill(),
  };
}
