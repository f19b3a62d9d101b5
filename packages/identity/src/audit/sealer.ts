import type { Database } from "@muster/database/database.ts";
import { randomUUID } from "node:crypto";
import type { CheckpointSigner } from "./checkpoint-signer.ts";
import { signCheckpoints, signOverdueCheckpoints } from "./record-checkpoints.ts";
import { SEAL_SIZES, type SealOptions, sealPage } from "./seal-page.ts";
import { type HeldSealer, releaseSealer, renewSealer, takeSealer } from "./sealer-lease.ts";

const LEASE_MS = 5_000;
/** So many pages are sealed in one turn. */
const PAGES_AT_ONCE = 10;
/** So often it looks for chains that have grown since their last checkpoint. */
const OVERDUE_EVERY_MS = 5_000;

export interface SealerOptions extends Partial<SealOptions> {
  readonly database: Database;
  readonly signer: CheckpointSigner;
  /** Told when a checkpoint cannot be signed; sealing goes on. */
  readonly onError: (error: Error) => void;
}

/**
 * Seals the log: one process of all does so at a time, by a lease; another takes over within seconds when it dies. Its position is
 * durable, so every event comes into its chain once.
 */
export class Sealer {
  readonly #options: SealerOptions & SealOptions;
  readonly #holder = randomUUID();
  #held: HeldSealer | null = null;
  #renewAt = 0;
  #overdueAt = 0;

  constructor(options: SealerOptions) {
    this.#options = { sizes: SEAL_SIZES, leaseMs: LEASE_MS, ...options };
  }

  /** Seals some of what there is. Gives whether there is more at once; false also while another process is the sealer. */
  async seal(): Promise<boolean> {
    const { database, leaseMs } = this.#options;
    if (!this.#held) this.#held = await takeSealer(database, this.#holder, leaseMs);
    else if (performance.now() >= this.#renewAt) this.#held = await renewSealer(database, this.#held, leaseMs);
    else return this.#sealPages();
    this.#renewAt = performance.now() + leaseMs / 3;
    return this.#sealPages();
  }

  async #sealPages(): Promise<boolean> {
    const { database } = this.#options;
    let more = this.#held !== null;
    for (let page = 0; more && page < PAGES_AT_ONCE; page += 1) more = await this.#sealPage();
    if (this.#held && performance.now() >= this.#overdueAt) {
      this.#overdueAt = performance.now() + OVERDUE_EVERY_MS;
      await this.#sign(() => signOverdueCheckpoints(database, this.#options.signer));
    }
    return more;
  }

  /** Gives up the lease, so that another process need not wait for its end. */
  async close(): Promise<void> {
    if (this.#held) await releaseSealer(this.#options.database, this.#held);
    this.#held = null;
  }

  async #sealPage(): Promise<boolean> {
    if (!this.#held) return false;
    const { database, signer } = this.#options;
    const sealed = await sealPage(database, this.#held, this.#options);
    this.#held = sealed && { ...this.#held, cursor: sealed.cursor };
    if (!sealed) return false;
    await this.#sign(() => signCheckpoints(database, signer, sealed.heads));
    return sealed.more;
  }

  async #sign(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.onError(error as Error);
    }
  }
}
