import type { InboxMessage } from "./inbox-message.ts";
import type { InboxState } from "./inbox-queries.ts";

/**
 * The messages to one process of an agent, each once. It holds what has not been taken of the latest state, and nothing older:
 * a slow reader costs no memory, and never hears of work that is no longer its own.
 */
export class InboxSubscription implements AsyncIterableIterator<InboxMessage> {
  readonly agentId: string;
  readonly projectId: string;
  readonly #incarnation: number;
  readonly #onEnd: () => void;
  #queue: InboxMessage[] = [];
  #delivered = new Set<string>();
  #waiting: ((result: IteratorResult<InboxMessage>) => void)[] = [];
  /** What comes before the end. */
  #last: InboxMessage | null = null;
  #ended = false;

  constructor(
    agent: { readonly agentId: string; readonly projectId: string; readonly incarnation: number },
    onEnd: () => void,
  ) {
    this.agentId = agent.agentId;
    this.projectId = agent.projectId;
    this.#incarnation = agent.incarnation;
    this.#onEnd = onEnd;
  }

  /** The state of the inbox as it has been read just now. */
  update({ incarnation, messages }: InboxState): void {
    if (this.#ended || this.#last) return;
    if (incarnation > this.#incarnation) {
      this.#last = { type: "Superseded", id: `superseded ${incarnation}`, incarnation };
      this.#queue = [this.#last];
    } else {
      this.#queue = messages.filter((message) => !this.#delivered.has(message.id));
      const present = new Set(messages.map((message) => message.id));
      this.#delivered = new Set([...this.#delivered].filter((id) => present.has(id)));
    }
    this.#deliver();
  }

  /** What is new since then, without a word on the rest. */
  push(messages: readonly InboxMessage[]): void {
    if (this.#ended || this.#last) return;
    const known = new Set(this.#queue.map(({ id }) => id));
    this.#queue.push(...messages.filter(({ id }) => !known.has(id) && !this.#delivered.has(id)));
    this.#deliver();
  }

  next(): Promise<IteratorResult<InboxMessage>> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#deliver();
    });
  }

  /** Ends it at once, also while someone waits for the next message. */
  return(): Promise<IteratorResult<InboxMessage>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #deliver(): void {
    while (this.#waiting.length > 0) {
      const message = this.#queue.shift();
      if (message) {
        this.#delivered.add(message.id);
        this.#waiting.shift()?.({ done: false, value: message });
      } else if (this.#last || this.#ended) {
        return this.#end();
      } else return;
    }
  }

  #end(): void {
    const first = !this.#ended;
    this.#ended = true;
    this.#queue = [];
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
    if (first) this.#onEnd();
  }
}
