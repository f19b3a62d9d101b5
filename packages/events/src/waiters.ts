/** Longer than any batch takes while the database answers. */
const TOO_LONG_MS = 5_000;

interface Waiter {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
}

/** Those who wait for the tail to come somewhere. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  /** Resolves at the first `look` at which it is done; rejects after a few seconds without. */
  for(isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new Error("The live feed is behind: the database does not answer it."));
      }, TOO_LONG_MS);
      const waiter: Waiter = {
        isDone,
        resolve: () => {
          clearTimeout(late);
          this.#waiting.delete(waiter);
          resolve();
        },
      };
      this.#waiting.add(waiter);
    });
  }

  /** Something has changed: those who are done need wait no more. */
  look(): void {
    for (const waiter of this.#waiting) if (waiter.isDone()) waiter.resolve();
  }
}
