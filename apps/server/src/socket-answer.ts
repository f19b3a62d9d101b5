import type { PreparedOperation } from "./graphql-pipeline.ts";
import { withCorrelation } from "./correlation.ts";
import type { SocketSink } from "./graphql-socket.ts";

export interface SocketAnswerOptions {
  readonly operation: PreparedOperation;
  readonly correlationId: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortController;
  readonly sink: SocketSink;
  /** The operation has ended, and its client has been told. */
  readonly onToldEnd: () => void;
  readonly onSettled: () => void;
}

const GONE = new Error("The client does not wait any more.");
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A query or mutation of a socket, in the shape of a subscription without results, so that the protocol's `complete` can take it
 * back: the result goes to the sink. Its first `next()` runs it, and resolves when the answer is on its way.
 */
export class SocketAnswer implements AsyncIterableIterator<never> {
  readonly #options: SocketAnswerOptions;

  constructor(options: SocketAnswerOptions) {
    this.#options = options;
  }

  async next(): Promise<IteratorReturnResult<undefined>> {
    const { operation, correlationId, gone, sink, onToldEnd, onSettled } = this.#options;
    try {
      const result = await withCorrelation(correlationId, () => operation.execute());
      if (gone.signal.aborted) return DONE;
      const sent = sink.sendLast(JSON.stringify(result));
      if (sent === null) onToldEnd();
      else await sent;
      return DONE;
    } finally {
      onSettled();
    }
  }

  /** Nobody waits for the answer. What runs goes on, unless it only waits. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#options.gone.abort(GONE);
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
