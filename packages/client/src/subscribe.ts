import type { TypedDocument } from "./document.ts";
import { isPermanent, retryAfterMs, TransportError } from "./errors.ts";
import { createQueue } from "./queue.ts";
import { createBackoff, delay } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** Results received but not yet taken; a reader that falls further behind gets an error rather than all the memory. */
const MAX_BUFFERED = 10_000;
/** Where the subscription can be continued, it is left alone from so many on until the reader has caught up. */
const MAX_AHEAD = 200;
const PAUSE_MS = 20;

export interface SubscribeOptions<Data, Variables> {
  readonly signal?: AbortSignal;
  /**
   * For a subscription that can be continued, and that the server ends when there is no more: the variables with which to go on
   * after this result. Then nothing is missed when the connection is lost or the reader is slow, and the loop ends with the
   * subscription.
   */
  readonly resume?: (last: Data) => Variables;
}

/** See `Client.subscribe`. */
export async function* subscribe<Data, Variables>(
  run: Transport["run"],
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { signal, resume }: SubscribeOptions<Data, Variables> & { readonly signal: AbortSignal },
): AsyncGenerator<Data, void, void> {
  const stop = new AbortController();
  const end = AbortSignal.any([signal, stop.signal]);
  const received = createQueue<Data>();
  const backoff = createBackoff();
  let failure: unknown;
  const fail = (error: unknown) => {
    if (!end.aborted) failure = error;
    stop.abort();
    received.end();
  };
  let current = variables;
  let pause = new AbortController();
  const receive = (data: unknown) => {
    backoff.reset();
    received.push(data as Data);
    if (resume) {
      current = resume(data as Data);
      if (received.length >= MAX_AHEAD) pause.abort();
    } else if (received.length >= MAX_BUFFERED)
      fail(new Error(`The subscription's reader is ${MAX_BUFFERED} results behind.`));
  };
  const repeat = async () => {
    for (;;) {
      pause = new AbortController();
      const running = run(document.toString(), current, receive, AbortSignal.any([end, pause.signal]));
      const error = await running.catch((reason: unknown) => reason ?? new Error("The subscription was lost."));
      if (isPermanent(error)) throw error;
      if (pause.signal.aborted) {
        // The reader is slow: what it has not taken is asked for again when it has taken the rest.
        while (received.length > 0) await delay(PAUSE_MS, end);
        continue;
      }
      if (resume && error === undefined) return received.end();
      const wait = Math.max(backoff.next(), retryAfterMs(error) ?? 0);
      end.throwIfAborted();
      // After a lost connection the transport itself keeps the wait.
      if (!(error instanceof TransportError)) await delay(wait, end);
    }
  };
  repeat().catch(fail);
  try {
    for (let next = await received.take(); next && !signal.aborted; next = await received.take()) yield next.value;
    if (failure !== undefined) throw failure;
  } finally {
    stop.abort();
  }
}
