import type { Feed } from "@muster/events/feed.ts";
import { FollowUps } from "@muster/operations/follow-ups/follow-ups.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import type { Logger } from "pino";
import type { Repeating } from "./repeat.ts";

/** Does what follows when tasks are let go of: others that wait for them, for their concurrency key, their workflows. */
export function startFollowUps(runtime: Runtime, feed: Feed, log: Logger): Repeating {
  const followUps = new FollowUps(runtime, (error) =>
    log.warn({ err: error, loop: "follow-ups" }, "a background loop failed; it tries again"),
  );
  const stopListening = feed.onEvents(null, followUps.observe);
  return {
    async stop() {
      stopListening();
      await followUps.stop();
    },
  };
}
