import type { Feed } from "@muster/events/feed.ts";
import type { CheckpointSigner } from "@muster/identity/audit/checkpoint-signer.ts";
import { Sealer } from "@muster/identity/audit/sealer.ts";
import { startLoop } from "@muster/operations/wakeable-loop.ts";
import type { Logger } from "pino";
import type { Repeating } from "./repeat.ts";

const POLL_MS = 1_000;
/** Events that come close together are sealed together: fewer and larger blocks. */
const GAP_MS = 500;

/** Seals the log as it grows, in one of all servers at a time. */
export function startAuditSealer(feed: Feed, signer: CheckpointSigner, log: Logger): Repeating {
  const onError = (error: Error) =>
    log.warn({ err: error, loop: "audit" }, "the audit log could not be sealed or signed; it is tried again");
  // The connections of replays: they read pages of the log in the order of its indexes.
  const { database } = feed;
  const sealer = new Sealer({ database, signer, onError });
  let more = false;
  const loop = startLoop({
    everyMs: POLL_MS,
    gapMs: () => (more ? 0 : GAP_MS),
    onError,
    async work() {
      more = await sealer.seal();
      if (more) loop.wake();
    },
  });
  const stopListening = feed.onEvents(null, () => loop.wake());
  return {
    async stop() {
      stopListening();
      await loop.stop();
      await sealer.close().catch(onError);
    },
  };
}
