import { WrongEncryptionKey } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import type { Runtime } from "../runtime.ts";
import { claimDeliveries, type ClaimedDelivery } from "./claim-deliveries.ts";
import { finishDelivery, giveBackDelivery, refuseDelivery } from "./finish-delivery.ts";
import { post } from "./post.ts";
import { startLoop, type WakeableLoop } from "../wakeable-loop.ts";
import { openWebhookSecrets, signedHeaders } from "./webhook-secret.ts";

/** Most deliveries that one process has under way. */
const MOST_AT_ONCE = 64;
const GAP_MS = 5;
/** So long attempts may go on when the sender stops; then they are broken off and made anew by another. */
const FINISH_WITHIN_MS = 3_000;

/** Sends what is queued, in this process. Any number of processes do it at once. */
export class WebhookSender {
  readonly #runtime: Runtime;
  readonly #onError: (error: Error) => void;
  readonly #underWay = new Set<Promise<void>>();
  readonly #breakingOff = new AbortController();
  readonly #loop: WakeableLoop;

  constructor(runtime: Runtime, onError: (error: Error) => void) {
    this.#runtime = runtime;
    this.#onError = onError;
    this.#loop = startLoop({
      everyMs: runtime.settings.webhooks.pollMs,
      gapMs: () => GAP_MS,
      work: () => this.#claim(),
      onError,
    });
  }

  /** Something was queued, or is due again. */
  wake(): void {
    this.#loop.wake();
  }

  /** Takes nothing more, and resolves when nothing is under way. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const timer = setTimeout(() => this.#breakingOff.abort(), FINISH_WITHIN_MS);
    await Promise.all(this.#underWay);
    clearTimeout(timer);
  }

  async #claim(): Promise<void> {
    const room = MOST_AT_ONCE - this.#underWay.size;
    if (room === 0) return;
    for (const delivery of await claimDeliveries(this.#runtime, room)) {
      const sending: Promise<void> = this.#send(delivery)
        // What is not recorded is sent again when its lease is over.
        .catch((error: unknown) => this.#onError(error as Error))
        .finally(() => {
          this.#underWay.delete(sending);
          this.#loop.wake();
        });
      this.#underWay.add(sending);
    }
  }

  async #send(delivery: ClaimedDelivery): Promise<void> {
    const { settings, database } = this.#runtime;
    const { id, webhookId, body, url } = delivery;
    let secrets: Buffer[];
    try {
      secrets = openWebhookSecrets(settings, webhookId, delivery);
    } catch (error) {
      if (!(error instanceof WrongEncryptionKey)) throw error;
      return refuseDelivery(this.#runtime, delivery, error.message);
    }
    const headers = signedHeaders(secrets, formatId("webhookDelivery", id), new Date(), body);
    const { signal } = this.#breakingOff;
    const outcome = await post({ url, headers, body }, settings.webhooks, signal);
    if (signal.aborted && outcome.error !== null) return giveBackDelivery(database, delivery);
    await finishDelivery(this.#runtime, delivery, outcome);
  }
}
