import type { Runtime } from "@muster/operations/runtime.ts";
import { fireSchedules } from "@muster/operations/schedules/fire-schedules.ts";
import { startLoop } from "@muster/operations/wakeable-loop.ts";
import type { Logger } from "pino";
import type { Repeating } from "./repeat.ts";

/** So long a schedule that was made or changed meanwhile may have to wait. */
const POLL_MS = 1_000;
const GAP_MS = 5;

/** Fires schedules in a server process: when the next one is due, and every second anyway. */
export function startSchedules(runtime: Runtime, log: Logger): Repeating {
  let timer: NodeJS.Timeout | undefined;
  const loop = startLoop({
    everyMs: POLL_MS,
    gapMs: () => GAP_MS,
    onError: (error) =>
      log.warn({ err: error, loop: "schedules" }, "schedules could not be fired; they are tried again"),
    async work() {
      clearTimeout(timer);
      const waitMs = await fireSchedules(runtime);
      if (waitMs === 0) loop.wake();
      else if (waitMs !== null && waitMs < POLL_MS) timer = setTimeout(() => loop.wake(), Math.ceil(waitMs));
    },
  });
  return {
    async stop() {
      await loop.stop();
      clearTimeout(timer);
    },
  };
}
