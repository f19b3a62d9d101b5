/**
 * Gives the keys of a collection in turns, a share with each call: every one that stays comes at least once in `calls` calls, and all of
 * them with each call while there are no more than `least`. For what is only looked at in case that a hint was lost.
 */
export class InTurns {
  readonly #calls: number;
  readonly #least: number;
  #next: string[] = [];

  constructor({ calls, least }: { readonly calls: number; readonly least: number }) {
    this.#calls = calls;
    this.#least = least;
  }

  take(all: ReadonlyMap<string, unknown>): string[] {
    if (this.#next.length === 0) this.#next = [...all.keys()];
    const share = Math.max(this.#least, Math.ceil(all.size / this.#calls));
    const taken: string[] = [];
    while (taken.length < share) {
      const key = this.#next.pop();
      if (key === undefined) break;
      if (all.has(key)) taken.push(key);
    }
    return taken;
  }
}
