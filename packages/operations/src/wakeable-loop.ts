export interface WakeableLoop {
  /** There may be something to do. */
  wake(): void;
  /** Stops after the run that is under way. */
  stop(): Promise<void>;
}

export interface WakeableLoopOptions {
  /** Without being woken it runs this often. */
  readonly everyMs: number;
  /** Least time from the end of one run to the next, given anew each time. */
  readonly gapMs: () => number;
  readonly work: () => Promise<void>;
  /** A failure does not end it. */
  readonly onError: (error: Error) => void;
}

/** Runs `work` whenever it is woken, and every so often anyway; never twice at once. */
export function startLoop({ everyMs, gapMs, work, onError }: WakeableLoopOptions): WakeableLoop {
  let stopped = false;
  let woken = false;
  let interrupt: (() => void) | null = null;

  const pause = async (ms: number) => {
    if (stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    interrupt = null;
  };
  const run = async () => {
    while (!stopped) {
      woken = false;
      try {
        await work();
      } catch (error) {
        onError(error as Error);
        // The database may be away: being woken more often does not bring it back.
        await pause(everyMs);
      }
      if (!woken) await pause(everyMs);
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, gapMs()));
    }
  };
  const ended = run();
  return {
    wake() {
      woken = true;
      interrupt?.();
    },
    async stop() {
      stopped = true;
      interrupt?.();
      await ended;
    },
  };
}
