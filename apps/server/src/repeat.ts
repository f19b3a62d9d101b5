import type { Logger } from "pino";

export interface Repeating {
  /** Stops after the run that is under way. */
  stop(): Promise<void>;
}

/** Runs `work` again and again, `everyMs` after it ended. A failure is logged and does not end it. */
export function repeat(name: string, everyMs: number, log: Logger, work: () => Promise<unknown>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  const run = async () => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error, loop: name }, "a background loop failed; it tries again");
    }
    if (!stopped) schedule();
  };
  const schedule = () => {
    timer = setTimeout(() => {
      running = run();
    }, everyMs);
  };
  schedule();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
