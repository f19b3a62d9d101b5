export interface Pinger {
  /** The connection stands: from now on. */
  start(): void;
  /** The peer has shown that it lives. */
  heard(): void;
  stop(): void;
}

/** Calls `ping` whenever nothing has been heard for `silentMs`: where there is much to hear, it costs the peer nothing. */
export function createPinger(silentMs: number, ping: () => void): Pinger {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = 0;
  const look = () => {
    const left = heardAt + silentMs - performance.now();
    if (left <= 0) ping();
    timer = setTimeout(look, left <= 0 ? silentMs : left);
  };
  const heard = () => {
    heardAt = performance.now();
  };
  return {
    start() {
      clearTimeout(timer);
      heard();
      timer = setTimeout(look, silentMs);
    },
    heard,
    stop: () => clearTimeout(timer),
  };
}
