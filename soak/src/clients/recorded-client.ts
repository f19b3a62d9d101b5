import { setTimeout as sleep } from "node:timers/promises";
import type { Guarantee } from "../journal.ts";
import type { Random } from "../random.ts";
import type { Transport } from "./connection.ts";
import type { RecordedHistory } from "./recorded-history.ts";

export interface ClientPlan {
  readonly transport: Transport;
  readonly key: string;
  readonly project: string;
  /** The server to go to next. */
  readonly url: () => string;
  /** When it cuts a connection and comes back by itself: after so many frames, and from any cursor it ever got. */
  readonly roams: { readonly mostFrames: number } | null;
  readonly random: Random;
  /** The longest time without a frame on a connection. */
  readonly mostSilentMs: number;
  /** Whether the client has everything; asked after each bookmark, with its cursor. */
  readonly isDone: (cursor: string) => boolean;
  /** Becomes true when roaming is over, and it only reads to the end. */
  readonly isSettling: () => boolean;
  readonly violated: (guarantee: Guarantee, what: string) => void;
  readonly signal: AbortSignal;
}

/** Follows a field and records what comes, again and again from the last cursor, until it has everything. */
export async function runClient(history: RecordedHistory, plan: ClientPlan): Promise<void> {
  const { random, signal } = plan;
  while (!signal.aborted && !isDone(history, plan)) {
    if (plan.roams && !plan.isSettling() && random.next() < 0.3) history.rewind(history.anyPoint(random));
    await connectOnce(history, plan);
    await sleep(random.between(5, 200), null, { signal }).catch(() => {});
  }
}

async function connectOnce(history: RecordedHistory, plan: ClientPlan): Promise<void> {
  const stay = plan.roams && !plan.isSettling() ? plan.random.between(1, plan.roams.mostFrames) : Infinity;
  let taken = 0;
  let over = false;
  const connection = plan.transport({
    url: plan.url(),
    key: plan.key,
    field: history.field,
    project: plan.project,
    after: history.cursor,
    onFrame(frame) {
      if (over) return;
      history.record(frame);
      taken += 1;
      if (frame.__typename === "ResyncRequired" && frame.reason !== "SLOW_CONSUMER") {
        plan.violated("resumable", `${history.name} was told ${frame.reason} for a cursor that it had got`);
      }
      over = taken >= stay || isDone(history, plan);
      if (over) connection.cut();
    },
  });
  const abort = () => connection.cut();
  plan.signal.addEventListener("abort", abort, { once: true });
  await connection.ended;
  over = true;
  plan.signal.removeEventListener("abort", abort);
  for (const { guarantee, what } of history.endConnection(plan.mostSilentMs)) plan.violated(guarantee, what);
}

function isDone(history: RecordedHistory, { isDone: done }: ClientPlan): boolean {
  return history.bookmark !== null && done(history.bookmark);
}
