import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Actor } from "@muster/domain/actor.ts";
import { type ApiKeyKind, parseApiKey } from "@muster/domain/api-key.ts";
import { timingSafeEqual } from "node:crypto";
import { actorOf, LIVE_KEY_COLUMNS, LIVE_KEYS, type LiveKey } from "./live-key.ts";
import { recentAnswer } from "./recent-answers.ts";

const keyById = statement<LiveKey>(`select ${LIVE_KEY_COLUMNS} from ${LIVE_KEYS} k where k.id = $1`);

type ParsedKey = NonNullable<ReturnType<typeof parseApiKey>>;

/** Keys that were used lately, by their text: each request would hash them again. */
const parsedKeys = new Map<string, ParsedKey>();
const PARSED_KEYS = 10_000;

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
 * Whose API key this is: a program with an admin key, or one agent. Null when the key is malformed, unknown or revoked,
 * or its agent is decommissioned: all look the same from outside. Answers may be up to a second old.
 */
export async function authenticate(database: Connection, key: string): Promise<Actor | null> {
  const parsed = parsedKeyOf(key);
  return parsed && recentAnswer(database, parsed.hash, () => findActor(database, parsed));
}

async function findActor(
  database: Connection,
  { id, kind, hash }: { id: string; kind: ApiKeyKind; hash: string },
): Promise<Actor | null> {
  const [key] = await database.run(keyById, [id]);
  if (!key || key.kind !== kind || !timingSafeEqual(Buffer.from(key.hash), Buffer.from(hash))) return null;
  return actorOf(key);
}
