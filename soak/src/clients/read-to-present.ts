import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "./connection.ts";
import type { ClientFrame, Field } from "./frame.ts";
import { RecordedHistory } from "./recorded-history.ts";

export interface ReadOptions {
  readonly transport: Transport;
  readonly url: () => string;
  readonly key: string;
  readonly project: string;
  readonly field?: Field;
  readonly after: string;
  readonly signal: AbortSignal;
}

/** What a feed said from a cursor to the present. */
export interface ReadToPresent {
  readonly history: RecordedHistory;
  /** The frame that ended it: a bookmark that has caught up, or a demand to begin anew. */
  readonly last: ClientFrame;
}

const WITHIN_MS = 60_000;

/**
 * Reads from a cursor until a bookmark says that the present is reached, or the server says that it cannot go on. Comes
 * back from its last cursor when a connection is lost. Rejects when that takes longer than a minute.
 */
export async function readToPresent(name: string, options: ReadOptions): Promise<ReadToPresent> {
  const history = new RecordedHistory(name, options.field ?? "events", options.after);
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(WITHIN_MS)]);
  let last: ClientFrame | null = null;
  while (!last) {
    deadline.throwIfAborted();
    const connection = options.transport({
      url: options.url(),
      key: options.key,
      field: history.field,
      project: options.project,
      after: history.cursor,
      onFrame(frame) {
        if (last) return;
        history.record(frame);
        const isLast = frame.__typename === "ResyncRequired" || (frame.__typename === "Bookmark" && frame.caughtUp);
        if (!isLast) return;
        last = frame;
        connection.cut();
      },
    });
    const abort = () => connection.cut();
    deadline.addEventListener("abort", abort, { once: true });
    await connection.ended;
    deadline.removeEventListener("abort", abort);
    if (!last) await sleep(100);
  }
  return { history, last };
}
