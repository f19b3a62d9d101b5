import type { EncryptionKey } from "@muster/database/sealed-secret.ts";
import type { Feed } from "@muster/events/feed.ts";
import type { Logger } from "pino";
import type { AuditThread, AuditTrouble } from "./audit-thread.ts";
import { keepWorker } from "./keep-worker.ts";
import type { Repeating } from "./repeat.ts";

/** Events that come close together are sealed together: fewer and larger blocks. */
const GAP_MS = 500;
const START_AFTER_MS = 1_000;
const STOP_WITHIN_MS = 5_000;

/** Seals the log as it grows, in one of all servers at a time, and in a thread of its own: hashing a backlog delays no request. */
export function startAuditSealer(feed: Feed, encryptionKey: EncryptionKey | null, log: Logger): Repeating {
  const warn = (err: object, message: string) => log.warn({ err, loop: "audit" }, message);
  // The settings of replays: it reads pages of the log in the order of its indexes.
  const workerData: AuditThread = { url: feed.database.url, encryptionKey };
  const thread = keepWorker({
    name: "audit",
    file: new URL("./audit-thread.ts", import.meta.url),
    workerData,
    startAfterMs: START_AFTER_MS,
    onMessage: (trouble) =>
      warn(trouble as AuditTrouble, "the audit log could not be sealed or signed; it is tried again"),
    onDeath: (error) => warn(error, "the thread that seals the audit log has died; it is started again"),
  });
  let due: NodeJS.Timeout | null = null;
  const stopListening = feed.onEvents(null, () => {
    due ??= setTimeout(() => {
      due = null;
      thread.post("wake");
    }, GAP_MS);
  });
  return {
    async stop() {
      stopListening();
      if (due) clearTimeout(due);
      await thread.stop(STOP_WITHIN_MS);
    },
  };
}
