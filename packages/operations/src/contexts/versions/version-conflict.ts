import { type Caller, withPermission } from "@muster/domain/actor.ts";
import { Conflict, type ContextConflict, VersionPruned, VersionTampered } from "@muster/domain/errors.ts";
import { diffJson } from "@muster/domain/json-diff.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import type { Runtime } from "../../runtime.ts";
import { loadVersionData } from "./version-queries.ts";

/** What is larger is read with the versions themselves. */
const MOST_BYTES = 65_536;

/** Says that a context's newest version is not the expected one, and what to do. */
export function versionConflict(context: ContextConflict): Conflict {
  const { expectedVersion, currentVersion, paths } = context;
  const advice = paths
    ? `Since then others have changed what this changes, too: ${paths.join(", ") || "the whole data"}. Read version ${currentVersion} and decide anew.`
    : `Look at what has changed (diff), and decide anew on version ${currentVersion}.`;
  return new Conflict("context version", String(expectedVersion), String(currentVersion), { advice, context });
}

/**
 * What has changed from the expected version to the one that was there instead, as a JSON Patch (RFC 6902). Null where that cannot be
 * had: the conflict is not about a context, a version was pruned, tampered with or does not exist, the caller may not read it, or it
 * is larger than 64 KiB. The agent that asks has not loaded the data with it.
 */
export async function diffOfConflict(
  runtime: Runtime,
  caller: Caller,
  conflict: Conflict,
): Promise<JsonPatchOperation[] | null> {
  caller = withPermission(caller, "context.read");
  if (!conflict.context || !caller.actor.permissions.has("context.read")) return null;
  const { contextId, expectedVersion, currentVersion } = conflict.context;
  try {
    const keys = [expectedVersion, currentVersion].map((number) => ({ contextId, number }));
    const found = await loadVersionData(runtime.database, caller, keys);
    const [before, after] = keys.map(({ number }) => found.find((version) => version.number === number)?.data);
    if (after === undefined || (before === undefined && expectedVersion > 0)) return null;
    const diff = diffJson(before ?? {}, after);
    return Buffer.byteLength(JSON.stringify(diff)) > MOST_BYTES ? null : diff;
  } catch (error) {
    if (error instanceof VersionTampered || error instanceof VersionPruned) return null;
    throw error;
  }
}
