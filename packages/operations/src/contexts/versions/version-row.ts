import { rowColumns } from "@muster/database/row-columns.ts";
import { contextVersions } from "@muster/database/tables/context-versions.ts";
import type { ActorKind } from "@muster/domain/actor.ts";
import { VersionPruned, VersionTampered } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { dataOfChain } from "./version-contents.ts";
import { exactTime, hashOfVersion } from "./version-hash.ts";

type Stored = Omit<typeof contextVersions.$inferSelect, "author" | "idempotencyKey">;

/** A version without its data, which is read on its own: `readVersionData`. */
export interface ContextVersion extends Stored {
  readonly author: { readonly kind: ActorKind; readonly id: string | null; readonly name: string };
  /** The hash of the version before it; null for the first. */
  readonly parentHash: string | null;
  /** `createdAt` with the microseconds that its hash covers. */
  readonly createdAtExact: string;
}

/** Select list of a `ContextVersion`: `version` is an alias of `context_versions`, `parentHash` an SQL expression. */
export function versionColumns(version: string, parentHash: string): string {
  return (
    `${rowColumns(contextVersions, version, ["idempotencyKey"])}, ${parentHash} as "parentHash", ` +
    `${exactTime(`${version}.created_at`)} as "createdAtExact"`
  );
}

/** Gives the version back. Throws `VersionTampered` when its row was changed after it was written. */
export function verifyVersion(version: ContextVersion): ContextVersion {
  if (hashOfVersion(version) !== version.hash) throw new VersionTampered(version.contextId, version.number, "record");
  return version;
}

/**
 * The data of a version, from its chain. Throws `VersionTampered` when it is not what was written, and `VersionPruned` when retention has
 * removed it.
 */
export function dataOfVersion(version: ContextVersion, chain: string | null): Json {
  verifyVersion(version);
  if (version.prunedAt !== null) throw new VersionPruned(version.number);
  const data = chain === null ? null : dataOfChain(chain, version.dataHash);
  if (data === null) throw new VersionTampered(version.contextId, version.number, "data");
  return data;
}
