import { TypeID } from "typeid-js";

/** The prefix of each kind's public id. Inside, ids are UUIDs; outside, TypeIDs (`agent_01h…`). */
export const ID_PREFIXES = {
  agent: "agent",
  task: "task",
  context: "ctx",
  definition: "def",
  project: "prj",
  workspace: "wks",
  apiKey: "key",
  workflow: "wfl",
  schedule: "sch",
  queue: "que",
  rateLimit: "rate",
  bulkJob: "job",
  savedView: "view",
  webhook: "whk",
  webhookDelivery: "whd",
  user: "user",
  membership: "mbr",
  session: "sess",
  operationSet: "ops",
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const KINDS_BY_PREFIX = new Map(
  Object.entries(ID_PREFIXES).map(([kind, prefix]) => [prefix as string, kind as IdKind]),
);

/** A TypeID can hold any 128 bits; a row's id has the version and variant of a UUID. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The public id of a row: `formatId("agent", "018f…")` → `agent_01h…`. Throws when `uuid` is not a UUID. */
export function formatId(kind: IdKind, uuid: string): string {
  if (!UUID.test(uuid)) throw new TypeError(`${uuid} is not a UUID.`);
  return TypeID.fromUUID(ID_PREFIXES[kind], uuid).toString();
}

/** The UUID in a public id of this kind, or null when it is malformed or of another kind. */
export function parseId(kind: IdKind, id: string): string | null {
  const parsed = parseAnyId(id);
  return parsed?.kind === kind ? parsed.uuid : null;
}

/** The kind and UUID of any public id, or null when it is malformed. */
export function parseAnyId(id: string): { kind: IdKind; uuid: string } | null {
  const kind = KINDS_BY_PREFIX.get(id.slice(0, id.lastIndexOf("_")));
  if (!kind || id.length > 40) return null;
  try {
    const uuid = TypeID.fromString(id, ID_PREFIXES[kind]).toUUID();
    return UUID.test(uuid) ? { kind, uuid } : null;
  } catch {
    return null;
  }
}

/** `event_` and the event's decimal number. */
export function formatEventId(id: bigint | string): string {
  return `event_${id}`;
}

/** The decimal number in an event's public id (a positive 63-bit integer), or null when it is malformed. */
export function parseEventId(id: string): string | null {
  const digits = /^event_([1-9]\d{0,18})$/.exec(id)?.[1];
  return digits !== undefined && BigInt(digits) <= 9_223_372_036_854_775_807n ? digits : null;
}

/** A context version's public id: its context's id, `@`, its number. */
export function formatContextVersionId(contextUuid: string, number: number): string {
  return `${formatId("context", contextUuid)}@${number}`;
}

/** The context's UUID and the number in a context version's public id, or null when it is malformed. */
export function parseContextVersionId(id: string): { contextId: string; number: number } | null {
  const match = /^(ctx_[0-9a-z]{26})@([1-9]\d{0,8})$/.exec(id);
  const contextId = match?.[1] ? parseId("context", match[1]) : null;
  return contextId ? { contextId, number: Number(match?.[2]) } : null;
}
