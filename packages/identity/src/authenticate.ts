import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type ApiKeyKind, parseApiKey } from "@muster/domain/api-key.ts";
import { timingSafeEqual } from "node:crypto";
import { type Authenticated, endOf, type Freshness } from "./authenticated.ts";
import { actorOf, idsOf, LIVE_KEY_COLUMNS, LIVE_KEYS, type LiveKey } from "./live-key.ts";
import { recentAnswer } from "./recent-answers.ts";

const keyById = statement<LiveKey>(`select ${LIVE_KEY_COLUMNS} from ${LIVE_KEYS} k where k.id = $1`);

type ParsedKey = NonNullable<ReturnType<typeof parseApiKey>>;

/** Keys that were used lately, by their text: each request would hash them again. */
const parsedKeys = new Map<string, ParsedKey>();
const PARSED_KEYS = 50_000;

function parsedKeyOf(key: string): ParsedKey | null {
  const known = parsedKeys.get(key);
  if (known) return known;
  const parsed = parseApiKey(key);
  if (parsed === null) return null;
  const [oldest] = parsedKeys.keys();
  if (parsedKeys.size >= PARSED_KEYS && oldest !== undefined) parsedKeys.delete(oldest);
  parsedKeys.set(key, parsed);
  return parsed;
}

/**
 * Whose API key this is: a program's, or one agent's. Null when the key is malformed, unknown, expired or revoked, or its agent is
 * decommissioned: all look the same from outside. How recent the answer is, `recentAnswer` says.
 */
export async function authenticate(
  database: Connection,
  key: string,
  freshness: Freshness = "RECENT",
): Promise<Authenticated | null> {
  const parsed = parsedKeyOf(key);
  return parsed && recentAnswer(database, parsed.hash, freshness, () => findByKey(database, parsed));
}

async function findByKey(
  database: Connection,
  { id, kind, hash }: { id: string; kind: ApiKeyKind; hash: string },
): Promise<Authenticated | null> {
  const askedAt = Date.now();
  const [key] = await database.run(keyById, [id]);
  if (!key || key.kind !== kind || !timingSafeEqual(Buffer.from(key.hash), Buffer.from(hash))) return null;
  return authenticatedKey(key, askedAt);
}

/** What a key that works stands for, as of a look-up that began at `askedAt`. */
export function authenticatedKey(key: LiveKey, askedAt: number): Authenticated | null {
  const actor = actorOf(key);
  return (
    actor && { actor, credentialId: key.id, standing: { ids: idsOf(key), expiresAt: endOf(askedAt, key.remainingMs) } }
  );
}

/** Whom the key with this id stands for, for what was made with it: the token of someone who showed it. */
export async function authenticateKeyById(database: Connection, id: string): Promise<Authenticated | null> {
  const askedAt = Date.now();
  const [key] = await database.run(keyById, [id]);
  return key ? authenticatedKey(key, askedAt) : null;
}
