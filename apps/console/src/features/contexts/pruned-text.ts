import { numberText } from "#components/number-text.ts";

interface Retention {
  /** How many of the newest versions keep their data; null: all. */
  readonly keep: number | null;
  readonly currentVersion: number;
  readonly prunedThrough: number;
  readonly pins: readonly { readonly number: number }[];
}

/** What a limit on versions with data removes, as a sentence: "Versions 11 to 50 lose their data, except 2 pinned ones." */
export function prunedText({ keep, currentVersion, prunedThrough, pins }: Retention): string {
  const forever = "Data that is removed does not come back; records and hashes are kept.";
  if (keep === null) return "All versions keep their data.";
  const last = currentVersion - keep;
  if (last <= prunedThrough) return `No version loses its data now: there are no more than that with data. ${forever}`;
  const first = prunedThrough + 1;
  const which =
    first === last ? `Version ${numberText(first)} loses` : `Versions ${numberText(first)} to ${numberText(last)} lose`;
  const pinned = new Set(pins.filter(({ number }) => number >= first && number <= last).map(({ number }) => number))
    .size;
  const named = pinned === 0 ? "" : `${pinned === 1 ? "the pinned one" : `${numberText(pinned)} pinned ones`} and `;
  return `${which} data soon, except ${named}those that a rollback went back to. ${forever}`;
}
