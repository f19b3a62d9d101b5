import { canonicalText, chainHash, type EventRecord, NO_HASH } from "../event-record.ts";
import { reportSuspects, type Suspect } from "./displaced.ts";
import type { FindingKind, Report } from "./finding.ts";
import type { ChainCheckpoints } from "./known-checkpoints.ts";

/** One place of a chain, as it is stored. */
export interface ChainEntry {
  readonly position: number;
  readonly eventId: string;
  readonly previous: Buffer;
  readonly hash: Buffer;
  /** The event as it is now; null when it is gone. */
  readonly record: EventRecord | null;
}

/** More suspects than this are not compared with each other. */
const MOST_SUSPECTS = 400;
/** No clock is set back so far, and no transaction takes so long. */
const BACKDATED_MS = 600_000;
/** A chain gets a checkpoint every 10,000 events. */
const MOST_UNSIGNED = 25_000;

/** Follows one chain from its beginning to its end and reports everything that is not as it was sealed. */
export class ChainWalk {
  readonly #chain: string;
  readonly #checkpoints: ChainCheckpoints;
  readonly #report: Report;
  #next = 1;
  #running: Buffer = NO_HASH;
  #suspects: Suspect[] = [];
  /** Places that were passed over. */
  #missing: { readonly from: number; to: number; readonly late: Set<number> }[] = [];
  #newest = { id: 0n, at: 0 };
  #removed = 0;

  constructor(chain: string, checkpoints: ChainCheckpoints, report: Report) {
    this.#chain = chain;
    this.#checkpoints = checkpoints;
    this.#report = report;
  }

  get chain(): string {
    return this.#chain;
  }

  /** How many events retention has removed by right. */
  get removed(): number {
    return this.#removed;
  }

  add(entry: ChainEntry): void {
    const { position, previous } = entry;
    if (position < this.#next) {
      if (!this.#isLate(entry)) return;
    } else {
      if (position > this.#next) {
        this.#missing.push({ from: this.#next, to: position - 1, late: new Set() });
        this.#compare(position - 1, previous);
      } else if (!previous.equals(this.#running)) {
        this.#found("REWRITTEN", entry, `The chain does not go on here from the hash of position ${position - 1}.`);
      }
      this.#next = position + 1;
      this.#running = entry.hash;
      this.#compare(position, entry.hash);
    }
    this.#check(entry);
  }

  /** To be called after the last entry. */
  end(): void {
    reportSuspects(this.#chain, this.#suspects, this.#report);
    for (const { from, to, late } of this.#missing) {
      if (to <= this.#checkpoints.cutPosition || late.size > to - from) continue;
      const begin = Math.max(from, this.#checkpoints.cutPosition + 1);
      const places = begin === to ? `position ${to} is` : `positions ${begin} to ${to} are`;
      this.#found("DELETED", { position: begin, eventId: null }, `The chain's ${places} gone.`);
    }
    const last = this.#next - 1;
    for (const [position, [claims]] of this.#checkpoints.at) {
      if (position <= last || !claims) continue;
      const message = `The chain ends at position ${last}, but a checkpoint of ${claims.at} vouches for position ${position}.`;
      this.#found("TRUNCATED", { position, eventId: claims.eventId }, message);
    }
    const signed = this.#checkpoints.last;
    if (last - signed > MOST_UNSIGNED) {
      const message = `No checkpoint covers the positions after ${signed}: there are ${last - signed} of them, and every 10,000 should have one.`;
      this.#found("UNSIGNED", { position: signed + 1, eventId: null }, message);
    }
  }

  /** Whether it fills a place that was passed over; else it is one too many. */
  #isLate(entry: ChainEntry): boolean {
    const { position, eventId } = entry;
    const gap = this.#missing.find(({ from, to, late }) => from <= position && position <= to && !late.has(position));
    gap?.late.add(position);
    if (gap) this.#found("REORDERED", entry, `The event ${eventId} stands after position ${this.#next - 1}.`);
    else this.#found("INSERTED", entry, `The chain has a second event at position ${position}: ${eventId}.`);
    return gap !== undefined;
  }

  #check(entry: ChainEntry): void {
    const { eventId, previous, hash, record } = entry;
    if (!record) {
      if (this.#mayBeRemoved(entry.position)) this.#removed += 1;
      else this.#found("DELETED", entry, `The event ${eventId} is gone.`);
      return;
    }
    this.#checkTime(entry, record);
    if (chainHash(previous, canonicalText(record)).equals(hash)) return;
    if (this.#suspects.length < MOST_SUSPECTS) this.#suspects.push({ ...entry, record });
    else this.#found("EDITED", entry, `The event ${eventId} (${record.type}) is not what was sealed.`);
  }

  #mayBeRemoved(position: number): boolean {
    return position <= this.#checkpoints.cutPosition || this.#checkpoints.removedLate.has(position);
  }

  #checkTime(entry: ChainEntry, { at }: EventRecord): void {
    const [id, time] = [BigInt(entry.eventId), Date.parse(at)];
    if (id < this.#newest.id && time < this.#newest.at - BACKDATED_MS) {
      const message = `The event ${entry.eventId} says that it happened at ${at}, but was sealed after events of ${new Date(this.#newest.at).toISOString()}.`;
      this.#found("BACKDATED", entry, message);
    }
    if (id > this.#newest.id) this.#newest = { id, at: time };
  }

  /** Whether the chain is at this place what was signed. */
  #compare(position: number, hash: Buffer): void {
    for (const claims of this.#checkpoints.at.get(position) ?? []) {
      if (claims.hash === hash.toString("hex")) continue;
      const message = `The chain up to position ${position} is not the one that was signed on ${claims.at}.`;
      this.#found("REWRITTEN", { position, eventId: claims.eventId }, message);
    }
  }

  #found(
    kind: FindingKind,
    { position, eventId }: { readonly position: number; readonly eventId: string | null },
    message: string,
  ): void {
    this.#report({ kind, chain: this.#chain, position, eventId, message });
  }
}
