import type { TypedDocument } from "./document.ts";
import { isPermanent, retryAfterMs, TransportError } from "./errors.ts";
import { createQueue } from "./queue.ts";
import { createBackoff, delay } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** Results received but not yet taken; a reader that falls further behind gets an error rather than all the memory. */
const MAX_BUFFERED = 10_000;

/** See `Client.subscribe`. */
export async function* subscribe<Data, Variables>(
  run: Transport["run"],
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
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
  const receive = (data: unknown) => {
    backoff.reset();
    received.push(data as Data);
    if (received.length >= MAX_BUFFERED)
      fail(new Error(`The subscription's reader is ${MAX_BUFFERED} results behind.`));
  };
  const repeat = async () => {
    for (;;) {
      const error = await run(document.toString(), variables, receive, end).catch((reason: unknown) => reason);
      if (isPermanent(error)) throw error;
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
