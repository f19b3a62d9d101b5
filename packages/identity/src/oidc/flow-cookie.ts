import type { Connection } from "@muster/database/database.ts";
import { type EncryptionKey, openSecret, sealSecret } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import { createHash } from "node:crypto";
import { z } from "zod";

/** Signing in at a provider takes no longer. */
export const FLOW_SECONDS = 600;
const OWNER = "sign-in at a provider";

const Flow = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  redirectUri: z.string(),
  endsAt: z.number(),
});
/** A sign-in that a browser has begun. */
export type Flow = z.output<typeof Flow>;

/** What the browser keeps of it: nobody else can read or change it. */
export function sealFlow(key: EncryptionKey, flow: Flow): string {
  return sealSecret(key, OWNER, Buffer.from(JSON.stringify(flow)));
}

/** What a browser brought back; null for anything else, and when it took too long. */
export function openFlow(key: EncryptionKey, sealed: string): Flow | null {
  try {
    const flow = Flow.parse(JSON.parse(openSecret(key, OWNER, sealed).toString()));
    return flow.endsAt > Date.now() ? flow : null;
  } catch {
    return null;
  }
}

const useUp = statement<object>(`
  insert into attempt_limits (key, count, ends_at) values ($1, 1, clock_timestamp() + make_interval(secs => $2))
  on conflict (key) do nothing returning key`);

/** Whether this is the first time that somebody comes back with it; on whichever server, one of several is. */
export async function useFlow(database: Connection, { state }: Flow): Promise<boolean> {
  const key = `oidc state ${createHash("sha256").update(state).digest("base64url")}`;
  // Longer than the flow itself, whose end is checked by this machine's clock.
  return (await database.run(useUp, [key, 2 * FLOW_SECONDS])).length > 0;
}
