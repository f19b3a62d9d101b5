import { LimitExceeded } from "@muster/domain/errors.ts";

/** Each takes 19 MiB and a core for some 30 ms: more at once would keep other requests waiting. */
const AT_ONCE = 2;
const MOST_WAITING = 64;
const RETRY_MS = 2_000;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs what is costly by intent, two at a time in this process, in order. Throws `LimitExceeded` when too many wait already. */
export async function withPasswordWork<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) {
      throw new LimitExceeded("passwords.work", "Too many sign-ins at once. Try again in a moment.", RETRY_MS);
    }
    await new Promise<void>((begin) => waiting.push(begin));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // Whoever waits takes this place over.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
