import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "@muster/database/database.ts";
import type { EncryptionKey } from "@muster/database/sealed-secret.ts";
import { createCheckpointSigner } from "@muster/identity/audit/checkpoint-signer.ts";
import { Sealer } from "@muster/identity/audit/sealer.ts";
import { startLoop } from "@muster/operations/wakeable-loop.ts";

const POLL_MS = 1_000;

/** What the thread is started with. */
export interface AuditThread {
  readonly url: string;
  readonly encryptionKey: EncryptionKey | null;
}

/** What the thread tells: an error, as far as every error can be sent. */
export interface AuditTrouble {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

const port = parentPort;
if (!port) throw new Error("This program runs as a thread of the server.");
const { url, encryptionKey } = workerData as AuditThread;
// Where processors are scarce, requests come first. On Linux that is this thread's own; elsewhere it would be the whole process's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const onError = (error: Error) => {
  const { name, message, stack } = error;
  const code = "code" in error ? String(error.code) : undefined;
  const trouble: AuditTrouble = { type: name, message, stack, code };
  port.postMessage(trouble);
};
const database = openDatabase({ url, connections: 1, applicationName: "muster audit", onError });
const sealer = new Sealer({ database, signer: createCheckpointSigner(database, encryptionKey), onError });
const loop = startLoop({
  everyMs: POLL_MS,
  gapMs: () => 0,
  onError,
  async work() {
    if (await sealer.seal()) loop.wake();
  },
});

async function stop(): Promise<void> {
  await loop.stop();
  await sealer.close().catch(onError);
  await database.close();
  port?.close();
}

port.on("message", (message) => {
  if (message === "wake") loop.wake();
  if (message === "stop") void stop();
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
port.postMessage("ready");
