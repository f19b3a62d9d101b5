import { strings, type WireMessage } from "./postgres-messages.ts";

/** Where a commit is cut off: before the database has heard of it, or before anybody hears that it was done. */
export type CommitPoint = "before" | "after";

/** What the writers of this run write into reasons: it says which commit was cut off. */
const MARK = /soak:[0-9a-z-]+/;

/** Follows one connection's messages, and knows which of them commits events of this run's writers. */
export class CommitWatch {
  /** Prepared statements that append to the log. */
  readonly #appending = new Set<string>();
  #bound: string | null = null;
  #mark: string | null = null;
  #inTransaction = false;

  /** The mark of the open transaction's events; null when it has appended none. */
  get mark(): string | null {
    return this.#mark;
  }

  /** A message to the database. Says whether the open transaction commits by it: by COMMIT, or by Sync outside of any. */
  sent(message: WireMessage): boolean {
    const [first = "", second = ""] = "PBQ".includes(message.type) ? strings(message, 2) : [];
    if (message.type === "P" && second.includes("insert into events")) this.#appending.add(first);
    if (message.type === "B" && this.#appending.has(second)) {
      this.#bound = MARK.exec(message.bytes.toString("latin1"))?.[0] ?? null;
    }
    if (message.type === "Q") {
      if (/^begin/i.test(first)) this.#inTransaction = true;
      return /^commit/i.test(first) && this.#mark !== null;
    }
    return message.type === "S" && !this.#inTransaction && this.#bound !== null;
  }

  /** A message from the database. Says whether the transaction has ended: ReadyForQuery, outside of any. */
  received(message: WireMessage): boolean {
    if (message.type === "C") {
      // A guard may have let nothing through: then there is no event.
      const [tag = ""] = strings(message, 1);
      if (this.#bound !== null && !tag.endsWith(" 0")) this.#mark = this.#bound;
      this.#bound = null;
    }
    if (message.type !== "Z") return false;
    const ended = message.bytes[5] === "I".charCodeAt(0);
    this.#inTransaction = !ended;
    return ended;
  }

  /** The transaction has ended, and what came of it has been looked at. */
  forget(): void {
    this.#bound = null;
    this.#mark = null;
  }
}
