import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import canonicalize from "canonicalize";
import { hash } from "node:crypto";

/** The whole of an event, as it is hashed and exported: everything but the number of its transaction, which a restore changes. */
export interface EventRecord {
  /** Decimal; the other ids are UUIDs. */
  readonly id: string;
  readonly type: string;
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly agentId: string | null;
  readonly taskId: string | null;
  readonly contextId: string | null;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly credentialId: string | null;
  readonly address: string | null;
  readonly reason: string | null;
  readonly correlationId: string | null;
  readonly payload: unknown;
  readonly labels: unknown;
  /** In UTC, with microseconds. */
  readonly at: string;
}

const AT = `to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "at"`;
const COLUMNS = `e.id::text as "id", e.type as "type", e.subject_id as "subjectId", e.subject_version as "subjectVersion",
  e.workspace_id as "workspaceId", e.project_id as "projectId", e.agent_id as "agentId", e.task_id as "taskId", e.context_id as "contextId",
  e.actor_kind as "actorKind", e.actor_id as "actorId", e.actor_name as "actorName", e.credential_id as "credentialId",
  e.address::text as "address", e.reason as "reason", e.correlation_id as "correlationId", e.payload as "payload", e.labels as "labels",
  ${AT}`;

// The range leaves out all other partitions.
const WANTED = "from events e where e.id = any($1::bigint[]) and e.id >= $2::bigint and e.id <= $3::bigint";
const byId = statement<EventRecord>(`select ${COLUMNS} ${WANTED}`);
type InOtherWords = Pick<EventRecord, "id" | "address" | "at">;
const inOtherWords = statement<InOtherWords>(
  `select e.id::text as "id", e.address::text as "address", ${AT} ${WANTED}`,
);

/** The events with these decimal ids, by their ids. What is not there is left out. */
export async function readRecords(connection: Connection, ids: readonly string[]): Promise<Map<string, EventRecord>> {
  const [lowest, highest] = rangeOf(ids);
  const rows = ids.length === 0 ? [] : await connection.run(byId, [ids, lowest, highest]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The records of events that the feed gave, in the same order: only what it says otherwise is read again. */
export async function recordsOf(connection: Connection, events: readonly LoggedEvent[]): Promise<EventRecord[]> {
  const ids = events.map(({ id }) => id);
  const rows = ids.length === 0 ? [] : await connection.run(inOtherWords, [ids, ...rangeOf(ids)]);
  const others = new Map(rows.map((row) => [row.id, row]));
  return events.flatMap(({ xid: _, ...event }) => {
    const other = others.get(event.id);
    return other ? { ...event, ...other } : [];
  });
}

function rangeOf(ids: readonly string[]): [lowest: string, highest: string] {
  let [lowest, highest] = [BigInt(ids[0] ?? 0), BigInt(ids[0] ?? 0)];
  for (const text of ids) {
    const id = BigInt(text);
    if (id < lowest) lowest = id;
    if (id > highest) highest = id;
  }
  return [String(lowest), String(highest)];
}

/** The record as canonical JSON (RFC 8785). */
export function canonicalText(record: EventRecord): string {
  try {
    return canonicalize(record) as string;
  } catch {
    // PostgreSQL takes numbers that JSON in JavaScript cannot say: nothing may keep an event out of its chain.
    return canonicalize({ ...record, payload: asTexts(record.payload), labels: asTexts(record.labels) }) as string;
  }
}

function asTexts(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "number" ? String(part) : part)) ?? "";
}

const HASH_BYTES = 32;
/** What stands before the first event of a chain. */
export const NO_HASH: Buffer = Buffer.alloc(HASH_BYTES);

/** The hash of an event in its chain: SHA-256 of the hash before it and its canonical text. */
export function chainHash(previous: Uint8Array, text: string): Buffer {
  return hash("sha256", Buffer.concat([previous, Buffer.from(text)]), "buffer");
}

/** The hash at a place in a block's hashes. */
export function hashAt(hashes: Buffer, place: number): Buffer {
  return hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
}
