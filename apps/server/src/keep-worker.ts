import { Worker } from "node:worker_threads";

const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** One that has run so long begins with the shortest wait again. */
const RAN_WELL_MS = 60_000;

export interface WorkerOptions {
  /** Shown by debuggers. */
  readonly name: string;
  /** The program: a module. It says `"ready"` once it has anything that wants an end; told to `"stop"` then, it has to end and close its port. */
  readonly file: URL;
  readonly workerData: unknown;
  readonly onMessage: (message: unknown) => void;
  /** It has died, or ended although nobody told it to; it is started again after `waitMs`. */
  readonly onDeath: (error: Error, waitMs: number) => void;
  /** The first start waits so long: what the process answers comes first. */
  readonly startAfterMs?: number;
  /** The first wait; then twice as long each time. */
  readonly firstWaitMs?: number;
}

export interface KeptWorker {
  /** Sends it a message, when it runs. */
  post(message: string): void;
  /** Tells it to stop; ends it when it has not after `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

/** Keeps a thread running: what ends it, short of `stop`, is told and waits for the next one. */
export function keepWorker(options: WorkerOptions): KeptWorker {
  const { name, file, workerData, onMessage, onDeath, startAfterMs = 0, firstWaitMs = FIRST_MS } = options;
  let worker: Worker | null = null;
  let ready = false;
  let timer: NodeJS.Timeout;
  let stopped: (() => void) | null = null;
  let waitMs = firstWaitMs;

  const start = () => {
    const startedAt = performance.now();
    let fault: Error | null = null;
    // Flags of the process are not for its threads: what it imports first is often for the main one only.
    const started = new Worker(file, { name, workerData, execArgv: [] });
    ready = false;
    started.on("message", (message: unknown) => {
      if (message === "ready") ready = true;
      else onMessage(message);
    });
    started.on("error", (error) => (fault = error instanceof Error ? error : new Error(String(error))));
    started.on("exit", (code) => {
      worker = null;
      if (stopped) return stopped();
      if (performance.now() - startedAt > RAN_WELL_MS) waitMs = firstWaitMs;
      onDeath(fault ?? new Error(`The thread ended with code ${code}.`), waitMs);
      timer = setTimeout(start, waitMs);
      waitMs = Math.min(LONGEST_MS, waitMs * 2);
    });
    worker = started;
  };
  timer = setTimeout(start, startAfterMs);

  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    post: (message) => worker?.postMessage(message),
    async stop(withinMs) {
      clearTimeout(timer);
      const running = worker;
      if (!running) return;
      const ended = new Promise<void>((resolve) => (stopped = resolve));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      running.postMessage("stop");
      const deadline = setTimeout(() => void running.terminate(), ready ? withinMs : 0);
      await ended;
      clearTimeout(deadline);
    },
  };
}
