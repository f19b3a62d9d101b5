import type { ActorKind } from "@muster/domain/actor.ts";
import { createHash } from "node:crypto";

/** What a version's hash covers. The parent's hash is null for a first version. */
export interface HashedFields {
  readonly parentHash: string | null;
  readonly number: number;
  readonly author: { readonly kind: ActorKind; readonly id: string | null; readonly name: string };
  readonly message: string | null;
  /** In UTC with microseconds, as `exactTime` writes it. */
  readonly createdAtExact: string;
  readonly dataHash: string;
}

/** SQL: a timestamptz as text that loses nothing, `2026-01-31T23:59:59.123456Z`. */
export function exactTime(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/**
 * SQL: the hash of a version (SHA-256, hex), computed in the statement that writes it, since only there its time and its
 * parent are known. Takes SQL expressions of type text, in the order of `hashOfVersion`. Each field is written as a
 * netstring (`<bytes>:<text>,`, or `-,` for none), so that no two versions have the same encoding.
 */
export function versionHash(fields: readonly string[]): string {
  const encoded = fields.map(
    (field) => `coalesce(octet_length(convert_to(${field}, 'UTF8')) || ':' || ${field} || ',', '-,')`,
  );
  return `encode(sha256(convert_to(${encoded.join(" || ")}, 'UTF8')), 'hex')`;
}

/** The hash that a version with these fields must have: the same as `versionHash` gives. */
export function hashOfVersion(version: HashedFields): string {
  const { kind, id, name } = version.author;
  const fields = [
    version.parentHash,
    String(version.number),
    kind,
    id,
    name,
    version.message,
    version.createdAtExact,
    version.dataHash,
  ];
  const encoded = fields.map((field) => (field === null ? "-," : `${Buffer.byteLength(field)}:${field},`));
  return createHash("sha256").update(encoded.join("")).digest("hex");
}
