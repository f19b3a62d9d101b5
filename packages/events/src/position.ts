import type { Snapshot } from "./snapshot.ts";

/**
 * A position in the feed: everything that `snapshot` sees has been delivered and, inside a batch, also what `page.target`
 * sees up to the event `page.lastId`. Ids are decimal.
 */
export interface Position {
  readonly snapshot: Snapshot;
  readonly page: { readonly target: Snapshot; readonly lastId: string } | null;
  readonly floor: Floor;
}

/** Where to begin to look for what a snapshot does not see. Too low costs time, nothing else. */
export interface Floor {
  /** Events of transactions from its `xmax` on have higher ids than this. */
  readonly newer: string;
  /** Events of all transactions that it does not see have higher ids than this. */
  readonly running: string;
}
