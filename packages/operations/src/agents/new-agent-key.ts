import { randomBytes } from "node:crypto";
import { formatApiKey, hashApiKey } from "@muster/domain/api-key.ts";
import { newId } from "../new-id.ts";

/** A new credential of an agent. `key` is shown once; id and hash are what is stored. */
export interface NewAgentKey {
  readonly id: string;
  readonly key: string;
  readonly hash: string;
}

/** Draws a new key for an agent. */
export function newAgentKey(): NewAgentKey {
  const id = newId();
  const key = formatApiKey("agent", id, randomBytes(32));
  return { id, key, hash: hashApiKey(key) };
}
