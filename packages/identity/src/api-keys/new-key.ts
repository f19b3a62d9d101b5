import { randomBytes } from "node:crypto";
import { type ApiKeyKind, formatApiKey, hashApiKey } from "@muster/domain/api-key.ts";
import { newId } from "@muster/operations/new-id.ts";

/** A credential that was just drawn. `key` is shown once; id and hash are what is stored. */
export interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly hash: string;
}

/** Draws a key. It works once it is stored. */
export function newKey(kind: ApiKeyKind): NewKey {
  const id = newId();
  const key = formatApiKey(kind, id, randomBytes(32));
  return { id, key, hash: hashApiKey(key) };
}
