export interface Watchdog {
  /** Something was asked: unless `calm` comes in time, the peer counts as dead. */
  expectAnswer(): void;
  /** The peer has shown that it lives, or nothing is expected from it any more. */
  calm(): void;
}

/** Calls `dead` when an answer stays out for `timeoutMs`: a peer that vanished without closing is noticed by nothing else. */
export function createWatchdog(timeoutMs: number, dead: () => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const calm = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    expectAnswer() {
      timer ??= setTimeout(() => {
        timer = undefined;
        dead();
      }, timeoutMs);
    },
    calm,
  };
}
