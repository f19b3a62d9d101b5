import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

/** One holder's time as the sealer: its writes count as long as nobody else has had one since. */
export interface SealerTerm {
  readonly holder: string;
  readonly term: number;
}

/** What the holder of a term finds: how far the chains go in the feed; null: nothing was ever sealed. */
export interface HeldSealer extends SealerTerm {
  readonly cursor: string | null;
}

const take = statement<{ term: string; cursor: string | null }>(`
  update audit_sealer set holder = $1, term = term + 1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
  where lease_until is null or lease_until < clock_timestamp() returning term::text as term, cursor`);

const renew = statement<{ cursor: string | null }>(`
  update audit_sealer set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
  where holder = $1 and term = $2::bigint returning cursor`);

const release = statement<never>("update audit_sealer set lease_until = null where holder = $1 and term = $2::bigint");

/** Makes this process the sealer, when no other one's lease runs; null: another one is. */
export async function takeSealer(connection: Connection, holder: string, leaseMs: number): Promise<HeldSealer | null> {
  const [row] = await connection.run(take, [holder, leaseMs]);
  return row ? { holder, term: Number(row.term), cursor: row.cursor } : null;
}

/** Goes on being the sealer; null: another one has taken over. */
export async function renewSealer(
  connection: Connection,
  { holder, term }: SealerTerm,
  leaseMs: number,
): Promise<HeldSealer | null> {
  const [row] = await connection.run(renew, [holder, term, leaseMs]);
  return row ? { holder, term, cursor: row.cursor } : null;
}

/** Lets another process take over at once. */
export async function releaseSealer(connection: Connection, { holder, term }: SealerTerm): Promise<void> {
  await connection.run(release, [holder, term]);
}
