import type { Feed } from "@muster/events/feed.ts";
import { runBulkJobs } from "@muster/operations/bulk-jobs/run-bulk-jobs.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { startLoop } from "@muster/operations/wakeable-loop.ts";
import type { Logger } from "pino";
import type { Repeating } from "./repeat.ts";

const POLL_MS = 500;

/** Gives bulk jobs their turns: at once when one is asked for, and for as long as there is something to do. */
export function startBulkJobs(runtime: Runtime, feed: Feed, log: Logger): Repeating {
  const onError = (error: Error) =>
    log.warn({ err: error, loop: "bulk jobs" }, "a bulk job could not go on; it tries again");
  const loop = startLoop({
    everyMs: POLL_MS,
    gapMs: () => 0,
    onError,
    async work() {
      if (await runBulkJobs(runtime, onError)) loop.wake();
    },
  });
  // An empty list says that events may have been passed over.
  const stopListening = feed.onEvents(null, (events) => {
    if (events.length === 0 || events.some(({ type }) => type === "bulk_job.created")) loop.wake();
  });
  return {
    async stop() {
      stopListening();
      await loop.stop();
    },
  };
}
