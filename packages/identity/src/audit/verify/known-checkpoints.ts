import { type CheckpointClaims, type CheckpointKeys, openCheckpoint, readUnchecked } from "../checkpoint.ts";
import type { Report } from "./finding.ts";

/** The checkpoints of one chain whose signatures hold. */
export interface ChainCheckpoints {
  /** By their positions; of one place there may be several. */
  readonly at: ReadonlyMap<number, readonly CheckpointClaims[]>;
  /** The last position that one of them covers; 0 without any. */
  readonly last: number;
  /** Up to this position a signed checkpoint lets retention remove the chain. */
  readonly cutPosition: number;
  /** Places after it whose events it lets retention remove too. */
  readonly removedLate: ReadonlySet<number>;
}

const NONE: ChainCheckpoints = { at: new Map(), last: 0, cutPosition: 0, removedLate: new Set() };

/** Checks the signatures of checkpoints, and groups those that hold by their chains. Reports all others. */
export class KnownCheckpoints {
  readonly #keys: CheckpointKeys;
  readonly #report: Report;
  readonly #chains = new Map<string, CheckpointClaims[]>();
  readonly #seen = new Set<string>();

  constructor(keys: CheckpointKeys, report: Report) {
    this.#keys = keys;
    this.#report = report;
  }

  /** `stored`: what stands beside the checkpoint, and has to be the same. */
  async add(jws: string, stored?: Pick<CheckpointClaims, "chain" | "position" | "hash">): Promise<void> {
    const claims = await openCheckpoint(jws, this.#keys);
    const said = claims ?? readUnchecked(jws);
    const { chain = null, position = null } = stored ?? said ?? {};
    const report = (message: string) =>
      this.#report({ kind: "FORGED_CHECKPOINT", chain, position, eventId: null, message });
    if (!claims) return report("A checkpoint was changed, or was not signed with a known key.");
    if (stored && (stored.chain !== claims.chain || stored.position !== claims.position || stored.hash !== claims.hash))
      report("What stands beside a checkpoint is not what was signed.");
    if (this.#seen.has(jws)) return;
    this.#seen.add(jws);
    const ofChain = this.#chains.get(claims.chain);
    if (ofChain) ofChain.push(claims);
    else this.#chains.set(claims.chain, [claims]);
  }

  get chains(): string[] {
    return [...this.#chains.keys()];
  }

  of(chain: string): ChainCheckpoints {
    const all = this.#chains.get(chain);
    if (!all) return NONE;
    const cuts = all.filter(({ removedBefore }) => removedBefore !== undefined);
    return {
      at: Map.groupBy(all, ({ position }) => position),
      last: Math.max(...all.map(({ position }) => position)),
      cutPosition: Math.max(0, ...cuts.map(({ position }) => position)),
      removedLate: new Set(cuts.flatMap(({ removedLate = [] }) => removedLate)),
    };
  }
}
