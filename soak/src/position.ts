import { decodeCursor } from "@muster/events/cursor.ts";
import { sees } from "@muster/events/snapshot.ts";
import type { LoggedFact } from "@muster/events/testing/validators.ts";

/** Whether a client that stands at `cursor` has been given the event. */
export function isBefore(fact: Pick<LoggedFact, "id" | "xid">, cursor: string): boolean {
  const place = decodeCursor(cursor)?.place;
  if (!place) throw new Error(`${cursor} is not a cursor.`);
  const xid = BigInt(fact.xid);
  if (sees(place.snapshot, xid)) return true;
  return place.page !== null && sees(place.page.target, xid) && BigInt(fact.id) <= BigInt(place.page.lastId);
}
