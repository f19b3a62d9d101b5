import { canonicalText, chainHash, type EventRecord } from "../event-record.ts";
import type { Report } from "./finding.ts";

/** An event that does not give the hash that stands for it. */
export interface Suspect {
  readonly position: number;
  readonly eventId: string;
  /** The hash that stands before it. */
  readonly previous: Buffer;
  /** The hash that stands for it. */
  readonly hash: Buffer;
  readonly record: EventRecord;
}

/** Tells what was moved from what was edited: an event that gives the right hash at another suspect's place was moved. */
export function reportSuspects(chain: string, suspects: readonly Suspect[], report: Report): void {
  const texts = new Map(suspects.map((suspect) => [suspect, canonicalText(suspect.record)]));
  const places = new Places(suspects, texts);
  for (const suspect of suspects) {
    const { position, eventId } = suspect;
    const here = { chain, position, eventId };
    const belonging = suspects.find(
      (other) => other !== suspect && gives(suspect.previous, texts.get(other) ?? "", suspect.hash),
    );
    const swapped = suspects.find(
      (other) =>
        other !== suspect &&
        gives(suspect.previous, canonicalText({ ...other.record, id: suspect.record.id }), suspect.hash),
    );
    const truly = places.of(suspect);
    if (truly === position) continue;
    if (belonging)
      report({
        kind: "REORDERED",
        ...here,
        message: `The event ${belonging.eventId} was sealed here, not the event ${eventId}.`,
      });
    else if (truly !== null)
      report({ kind: "REORDERED", ...here, message: `The event ${eventId} was sealed at position ${truly}.` });
    else if (swapped)
      report({
        kind: "REORDERED",
        ...here,
        message: `What the event ${eventId} says was sealed as the event ${swapped.eventId}, and the other way round.`,
      });
    else
      report({
        kind: "EDITED",
        ...here,
        message: `The event ${eventId} (${suspect.record.type}) is not what was sealed, or the hash before it is not.`,
      });
  }
}

function gives(previous: Buffer, text: string, hash: Buffer): boolean {
  return chainHash(previous, text).equals(hash);
}

/** Where events were sealed whose hashes moved with them: right after the hash that they name. */
class Places {
  readonly #suspects: readonly Suspect[];
  readonly #texts: ReadonlyMap<Suspect, string>;
  readonly #known = new Map<Suspect, number | null>();

  constructor(suspects: readonly Suspect[], texts: ReadonlyMap<Suspect, string>) {
    this.#suspects = suspects;
    this.#texts = texts;
  }

  /** Null when it was not moved together with its hash. */
  of(suspect: Suspect): number | null {
    const known = this.#known.get(suspect);
    if (known !== undefined) return known;
    // Whoever leads back here has no beginning.
    this.#known.set(suspect, null);
    const text = this.#texts.get(suspect) ?? "";
    let place: number | null = null;
    for (const other of this.#suspects) {
      if (other === suspect) continue;
      if (gives(other.previous, text, suspect.hash)) place = other.position;
      else if (gives(other.hash, text, suspect.hash)) {
        const before = this.of(other);
        place = before === null ? null : before + 1;
      }
      if (place !== null) break;
    }
    this.#known.set(suspect, place);
    return place;
  }
}
