/** Times from a change's request to its delivery, gathered in windows. */
export interface Delays {
  /** A transition was acknowledged: its event's subject, "@", its version, and when it was asked for. */
  committed(key: string, sentAt: number): void;
  /** A healthy client got this event. */
  delivered(key: string): void;
  /** Gathers what is asked for while `work` runs, and what of it is delivered until a moment after. */
  measure(work: () => Promise<void>): Promise<Quantiles>;
}

export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** What was asked for last has this long to be delivered. */
const LAST_MS = 1_000;

export function createDelays(): Delays {
  let window: { sent: Map<string, number>; arrivals: { key: string; at: number }[] } | null = null;
  let closing = false;
  return {
    committed(key, sentAt) {
      if (!closing) window?.sent.set(key, sentAt);
    },
    delivered(key) {
      window?.arrivals.push({ key, at: performance.now() });
    },
    async measure(work) {
      const own = { sent: new Map<string, number>(), arrivals: [] };
      window = own;
      closing = false;
      await work();
      closing = true;
      await new Promise((resolve) => setTimeout(resolve, LAST_MS));
      window = null;
      return quantiles(own);
    },
  };
}

function quantiles({
  sent,
  arrivals,
}: {
  sent: Map<string, number>;
  arrivals: { key: string; at: number }[];
}): Quantiles {
  const delays = arrivals
    .flatMap(({ key, at }) => {
      const sentAt = sent.get(key);
      return sentAt === undefined ? [] : [at - sentAt];
    })
    .sort((a, b) => a - b);
  const at = (part: number) => delays[Math.min(delays.length - 1, Math.floor(part * delays.length))] ?? Number.NaN;
  return { count: delays.length, p50: at(0.5), p99: at(0.99) };
}
