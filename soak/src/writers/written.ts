/** What the writers know about what they wrote. */
export class Written {
  /** Reasons of acknowledged transactions: the log has them. */
  readonly acknowledged = new Set<string>();
  /** Reasons of transactions that were rolled back: the log has none of them. */
  readonly rolledBack = new Set<string>();
  /** Tasks and context versions (`id@number`) that were acknowledged, by public ids. */
  readonly subjects = new Set<string>();
  /** Nobody answered: the log may have it. */
  unknown = 0;
  #marks = 0;

  /** A reason that nothing else has. */
  mark(): string {
    this.#marks += 1;
    return `soak:${this.#marks}`;
  }
}
