/** What can be wrong with an audit log. */
export const FINDING_KINDS = [
  /** An event is not what was sealed. */
  "EDITED",
  /** An event, or a part of a chain, is gone, and no signed checkpoint lets retention remove it. */
  "DELETED",
  /** An event stands at another place than it was sealed at. */
  "REORDERED",
  /** An event was never sealed, although later ones were, or stands in the chains twice. */
  "INSERTED",
  /** An event was sealed late, and says of itself that it happened long before those around it. */
  "BACKDATED",
  /** A chain ends before a place that a checkpoint vouches for. */
  "TRUNCATED",
  /** A chain is another one than was signed. */
  "REWRITTEN",
  /** A checkpoint was not signed with a known key, or was changed. */
  "FORGED_CHECKPOINT",
  /** A long part of a chain has no checkpoint. */
  "UNSIGNED",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** The workspace's UUID, or the nil UUID; null where it cannot be told. */
  readonly chain: string | null;
  /** The place in the chain. */
  readonly position: number | null;
  /** Decimal. */
  readonly eventId: string | null;
  /** What was found, in a sentence. */
  readonly message: string;
}

export type Report = (finding: Finding) => void;
