import { InvalidInput, type MusterError, RollbackPending, VersionHeld } from "@muster/domain/errors.ts";
import type { SeenContext } from "./look-at-context.ts";
import { versionConflict } from "./version-conflict.ts";

interface ExpectingWrite {
  readonly baseVersion: number | null;
  readonly expectedVersion: number | null;
}

/** Why the write is refused, or null when nothing speaks against it. */
export function writeRefusal(seen: SeenContext, write: ExpectingWrite): MusterError | null {
  const { baseVersion, expectedVersion } = write;
  const { currentVersion } = seen;
  if (baseVersion !== null && baseVersion < (seen.rollbackVersion ?? 0))
    return new RollbackPending(seen.rollbackPointer ?? 0);
  if (expectedVersion !== null && expectedVersion !== currentVersion) {
    return versionConflict({ contextId: seen.id, expectedVersion, currentVersion, paths: null });
  }
  if (baseVersion !== null && baseVersion > currentVersion) {
    const message = `There is no such version yet; the newest is ${currentVersion}.`;
    return new InvalidInput([{ path: ["baseVersion"], message }]);
  }
  return seen.heldVersion === null ? null : new VersionHeld(seen.heldVersion);
}
