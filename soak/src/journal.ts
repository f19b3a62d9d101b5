/** What has to hold: the feed's six words, and what the rest of a run promises. */
export const GUARANTEES = {
  reliable: "nothing lost, nothing made up",
  unique: "nothing twice",
  ordered: "each subject's events in the order of its versions",
  atomic: "whole transactions at each bookmark",
  resumable: "any cursor continues on any server",
  bookmarked: "frames keep coming, caught up once and for ever",
  durable: "acknowledged commits are in the log, others are not",
  "bad cursors": "told so, and from where to begin anew",
  bounded: "slow clients ended, memory and dead tuples not growing",
  unharmed: "healthy clients' delays beside hostile ones",
  "not held up": "events arrive beside a foreign open transaction",
  restored: "a log in a new database goes on without a gap or a repetition",
  injected: "every fault could be injected",
} as const;
export type Guarantee = keyof typeof GUARANTEES;

/** What a run did and what it found wrong. */
export interface Journal {
  /** A fault was injected, `times` times. */
  injected(fault: string, detail: string, times?: number): void;
  /** Anything else worth a line. */
  note(text: string): void;
  /** A guarantee did not hold. */
  violated(guarantee: Guarantee, what: string): void;
  readonly injections: ReadonlyMap<string, number>;
  readonly violations: readonly { readonly guarantee: Guarantee; readonly what: string }[];
}

/** Most violations of one guarantee that are printed; all are counted. */
const PRINTED = 10;

export function createJournal(say: (line: string) => void): Journal {
  const begun = performance.now();
  const injections = new Map<string, number>();
  const violations: { guarantee: Guarantee; what: string }[] = [];
  const tell = (text: string) => say(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  return {
    injections,
    violations,
    injected(fault, detail, times = 1) {
      injections.set(fault, (injections.get(fault) ?? 0) + times);
      tell(`${fault}: ${detail}`);
    },
    note: tell,
    violated(guarantee, what) {
      violations.push({ guarantee, what });
      const many = violations.filter((violation) => violation.guarantee === guarantee).length;
      if (many <= PRINTED) tell(`VIOLATION of ${guarantee}: ${what}`);
    },
  };
}
