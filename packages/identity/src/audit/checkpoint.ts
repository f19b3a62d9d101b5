import { CompactSign, compactVerify, importJWK, type JWK } from "jose";
import { z } from "zod";

export const CHECKPOINT_ALGORITHM = "EdDSA";
const TYPE = "muster-audit+jws";

const decimal = z.string().regex(/^(0|[1-9]\d{0,18})$/);

/** What a checkpoint states: how far a chain went, and its hash there. Whoever has it can tell whether the chain was changed since. */
export const CheckpointClaims = z.object({
  /** The workspace's UUID, or the nil UUID for what belongs to none. */
  chain: z.uuid().or(z.literal("00000000-0000-0000-0000-000000000000")),
  /** The place in the chain, from 1 on, of the last event that it covers. */
  position: z.int().min(0),
  block: z.int().min(0),
  eventId: decimal,
  /** Hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  /** A cut: retention may have removed the chain up to here, which is where ids from this one on begin. */
  removedBefore: decimal.optional(),
  /** And the events of these positions after it: they have lower ids, but were committed later. */
  removedLate: z.array(z.int().min(1)).optional(),
});
export type CheckpointClaims = z.infer<typeof CheckpointClaims>;

/** Signs with one key; `kid` tells which. */
export async function signCheckpoint(
  claims: CheckpointClaims,
  { id, privateKey }: { readonly id: string; readonly privateKey: Parameters<CompactSign["sign"]>[0] },
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: CHECKPOINT_ALGORITHM, kid: id, typ: TYPE })
    .sign(privateKey);
}

/** What is known of the keys that sign checkpoints: JWKs with their `kid`. */
export type CheckpointKeys = readonly JWK[];

/** Reads a checkpoint. Null when it is none, or was not signed with one of the keys as it stands. */
export async function openCheckpoint(jws: string, keys: CheckpointKeys): Promise<CheckpointClaims | null> {
  try {
    const { payload } = await compactVerify(
      jws,
      async ({ kid }) => {
        const key = keys.find((known) => known.kid === kid);
        if (!key) throw new Error("unknown key");
        return importJWK(key, CHECKPOINT_ALGORITHM);
      },
      { algorithms: [CHECKPOINT_ALGORITHM] },
    );
    return claimsIn(payload);
  } catch {
    return null;
  }
}

/** What a checkpoint says, without asking who signed it; null when it is none. */
export function readUnchecked(jws: string): CheckpointClaims | null {
  return claimsIn(Buffer.from(jws.split(".")[1] ?? "", "base64url"));
}

function claimsIn(payload: Uint8Array): CheckpointClaims | null {
  try {
    const parsed = CheckpointClaims.safeParse(JSON.parse(Buffer.from(payload).toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const Key = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), kid: z.string() });

/** The public keys in a JWK or JWKS of JSON text; null when there are none. */
export function keysIn(text: string): CheckpointKeys | null {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = z
      .union([z.object({ keys: z.array(Key).min(1) }), Key.transform((key) => ({ keys: [key] }))])
      .safeParse(value);
    return parsed.success ? (parsed.data.keys as JWK[]) : null;
  } catch {
    return null;
  }
}
