import { type FeedPlace, isOf } from "./feed-place.ts";
import type { EventDelivery } from "./frame.ts";
import { covers, sees, type Snapshot } from "./snapshot.ts";

/** What the tail has read between two snapshots; while it still reads, only the first part. */
export interface TailBatch {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** By project; events of no project under null. */
  readonly frames: Map<string | null, EventDelivery[]>;
  size: number;
  /** Everything between the two snapshots is in it. */
  complete: boolean;
  /** Grew too large to keep, so nobody can join inside it. */
  dropped: boolean;
}

/** So many events and batches are kept for those who join. */
const KEPT_EVENTS = 500;
const KEPT_BATCHES = 500;

/** The last batches of the tail, each beginning where the one before ended: enough to join the tail from a little behind. */
export class RecentBatches {
  #batches: TailBatch[] = [];
  #size = 0;

  /** Begins a batch. */
  open(from: Snapshot, to: Snapshot): TailBatch {
    const batch: TailBatch = {
      from,
      to,
      frames: new Map(),
      size: 0,
      complete: false,
      dropped: false,
    };
    this.#batches.push(batch);
    if (this.#batches.length > KEPT_BATCHES) this.#size -= this.#batches.shift()?.size ?? 0;
    return batch;
  }

  /** Adds a page of frames to the newest batch, and forgets the oldest ones when there are too many. */
  add(batch: TailBatch, page: Map<string | null, EventDelivery[]>): void {
    if (batch.dropped) return;
    for (const [projectId, frames] of page) {
      const kept = batch.frames.get(projectId);
      if (kept) kept.push(...frames);
      else batch.frames.set(projectId, [...frames]);
      batch.size += frames.length;
      this.#size += frames.length;
    }
    while (this.#size > KEPT_EVENTS && this.#batches[0] !== batch) this.#size -= this.#batches.shift()?.size ?? 0;
    if (this.#size <= KEPT_EVENTS) return;
    Object.assign(batch, { frames: new Map(), size: 0, dropped: true });
    this.#size = 0;
  }

  /**
   * The batches with something that `snapshot` does not see, when together with it they leave nothing out; else null: then
   * whoever stands there has to read on from the database.
   */
  since(snapshot: Snapshot): TailBatch[] | null {
    let first = this.#batches.length;
    while (first > 0 && !covers(snapshot, this.#batches[first - 1]!.to)) first -= 1;
    const needed = this.#batches.slice(first);
    const joined = needed[0] === undefined || covers(snapshot, needed[0].from);
    return joined && needed.every((batch) => !batch.dropped) ? needed : null;
  }

  clear(): void {
    this.#batches = [];
    this.#size = 0;
  }
}

/** The frames of a place in a batch, in the order of their ids. */
export function framesOf({ frames }: TailBatch, place: FeedPlace): readonly EventDelivery[] {
  if (typeof place === "object" && "projectId" in place) return frames.get(place.projectId) ?? [];
  const own = [...frames.values()].flat().filter(({ event }) => isOf(place, event));
  return own.sort((one, other) => Number(BigInt(one.event.id) - BigInt(other.event.id)));
}

/** The frames of a place in a batch that `snapshot` does not see. */
export function unseen(frames: readonly EventDelivery[], snapshot: Snapshot): EventDelivery[] {
  return frames.filter((frame) => !sees(snapshot, BigInt(frame.event.xid)));
}
