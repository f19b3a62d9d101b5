import type { Database } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authenticate } from "@muster/identity/authenticate.ts";

/** No credentials, or none that are valid. Both answer the same. */
export const UNAUTHENTICATED = {
  message: "Send an API key: Authorization: Bearer mst_…, or connectionParams.authorization on a WebSocket.",
  extensions: { code: "UNAUTHENTICATED" },
};

/** The caller that a `Bearer` credential stands for, or null. Keys are taken from nowhere else: not from URLs. */
export async function callerOf(
  database: Database,
  authorization: unknown,
  correlationId: string,
): Promise<Caller | null> {
  const key = typeof authorization === "string" ? /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1] : undefined;
  if (key === undefined) return null;
  const actor = await authenticate(database, key);
  return actor && { actor, correlationId };
}
