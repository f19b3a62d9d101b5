/** Servers allow a socket 200 operations at once by default, subscriptions among them, and 2,000 messages a second. */
const MOST_AT_ONCE = 100;
const MOST_A_SECOND = 1_000;
/** After a mutation that was not answered: until then a connection that is dead without a close has been noticed. */
const DISTRUST_MS = 20_000;

export interface MutationGate {
  /**
   * A place for one mutation, until the function is called with what became of it; null when there is none: too many are under way,
   * or one was lost a moment ago. What one connection loses over and over, because of something between here and the
   * server perhaps, gets through otherwise.
   */
  enter(): ((end: "answered" | "lost") => void) | null;
}

/** Keeps mutations within what a server lets one connection do. */
export function createMutationGate(now: () => number = () => performance.now()): MutationGate {
  let underWay = 0;
  let second = 0;
  let sent = 0;
  let trustedFrom = Number.NEGATIVE_INFINITY;
  return {
    enter() {
      const at = now();
      if (Math.floor(at / 1_000) !== second) {
        second = Math.floor(at / 1_000);
        sent = 0;
      }
      if (underWay >= MOST_AT_ONCE || sent >= MOST_A_SECOND || at < trustedFrom) return null;
      underWay += 1;
      sent += 1;
      return (end) => {
        underWay -= 1;
        if (end === "lost") trustedFrom = now() + DISTRUST_MS;
      };
    },
  };
}
