import type { ListedEvent } from "#events/log/event-source.ts";
import { eventNumber } from "#live/merge-events.ts";

/** So many of what has come and is not shown are kept. */
const MOST = 1_000;

/** What the feed has brought and the list does not show yet: the latest of it, and how many more there were. */
export class WaitingEvents {
  #events: ListedEvent[] = [];
  #skipped = 0;

  get events(): readonly ListedEvent[] {
    return this.#events;
  }
  /** How many are no longer in memory. */
  get skipped(): number {
    return this.#skipped;
  }
  get count(): number {
    return this.#events.length + this.#skipped;
  }

  add(events: readonly ListedEvent[]): void {
    this.#events.push(...events);
    const over = this.#events.length - MOST;
    if (over <= 0) return;
    this.#events.splice(0, over);
    this.#skipped += over;
  }

  clear(): void {
    this.#events = [];
    this.#skipped = 0;
  }

  /** Lets go of what is part of a list that reaches up to this number. */
  dropUpTo(number: number): void {
    const [first] = this.#events;
    // What was skipped came before the first that is kept.
    if (first && eventNumber(first) <= number) this.#skipped = 0;
    this.#events = this.#events.filter((event) => eventNumber(event) > number);
  }
}
