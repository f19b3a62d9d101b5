/** A result as it goes to clients. The same object for all who get it. */
export interface Rendered {
  /** Continues after it, when it is a frame of a feed. */
  readonly cursor: string | null;
  /** The result as JSON in UTF-8, and behind it the brace that ends a message in which it comes last. */
  readonly closed: Buffer;
}

/** The way of one subscription to its client. Its functions do not throw; on a broken connection they do nothing. */
export interface LiveSink {
  /** More waits in the connection than a live subscriber may leave there. */
  readonly isFull: boolean;
  /** Hands a result to the connection. */
  send(result: Rendered): void;
  /** Hands a result to the connection. The promise resolves when there is room for the next one, or no connection any more; null: at once. */
  sendWhenRoom(result: Rendered): Promise<void> | null;
}
