import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../../authorize.ts";
import { takeStorage } from "../../quotas/storage-quota.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { appendVersion } from "./append-version.ts";
import { lockContext } from "../context-queries.ts";
import { checkContextData } from "../context-schema.ts";
import { draftVersion } from "./draft-version.ts";
import { lookAtContext, lookBeforeWrite, type SeenContext } from "./look-at-context.ts";
import { recordReader } from "../record-reader.ts";
import { contentOf } from "./version-contents.ts";
import { loadVersion } from "./version-queries.ts";
import type { ContextVersion } from "./version-row.ts";
import { writeRefusal } from "./write-refusal.ts";
import { parseWriteRequest, type WriteContextInput, type WriteRequest } from "./write-request.ts";

/**
 * Appends a version, made of `data`, or of a JSON Patch (RFC 6902) or JSON Merge Patch (RFC 7396) on the newest version's data (`{}`
 * before the first). A patch loses nothing that others write meanwhile; with a `baseVersion` it is applied to exactly that version,
 * which then has to be the newest. With `merge` it need not be: then what the write changes of `baseVersion` is put together with
 * what others have changed since, unless the changes touch. An idempotency key that was used before answers with the version written then.
 *
 * Throws `Conflict` when the newest version is not `expectedVersion`, or the changes of a merge touch; `RollbackPending` when
 * `baseVersion` is older than the last rollback, `VersionHeld` when a rollback skipped the same data, `VersionPruned` when the data of
 * a merge's `baseVersion` is gone, and `InvalidInput` for a patch that does not apply, with the operation's index in the path, and for
 * data that does not match the context's schema, with the paths within `data`; `LimitExceeded` when the workspace stores as much as it may.
 */
export async function writeContext(
  runtime: Runtime,
  caller: Caller,
  input: WriteContextInput,
): Promise<ContextVersion> {
  caller = authorize(caller, "context.write");
  const request = parseWriteRequest(runtime, input);
  const first = await attempt(runtime.database, caller, request);
  if (first) runtime.committed();
  const written = first ?? (await attemptAlone(runtime, caller, request));
  const { kind, id } = caller.actor;
  // An agent knows what it wrote, if not what was merged with that: a rollback has to wait for it too.
  if (kind === "AGENT" && id !== null) {
    const number = written.mergedFrom ?? written.number;
    await recordReader(runtime.database, id, [{ contextId: request.contextId, number }]);
  }
  return written;
}

/** Another writer was ahead, or retention, or the workspace limits what is stored. With the context's row held none can be, so this attempt decides. */
function attemptAlone(runtime: Runtime, caller: Caller, request: WriteRequest): Promise<ContextVersion> {
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, request.contextId);
    const written = await attempt(transaction, caller, request, true);
    if (written) return written;
    throw new Error(`Nothing speaks against writing to context ${request.contextId}, and yet it was not written.`);
  });
}

/** The version that was written now or before, null when another writer was ahead, or when it takes room that is limited. Throws when the write is refused. */
async function attempt(
  connection: Connection,
  caller: Caller,
  request: WriteRequest,
  takesRoom = false,
): Promise<ContextVersion | null> {
  const { change, merge } = request;
  const dataHash = "data" in change && !merge ? change.data.hash : null;
  const { newest, ...before } = await lookBeforeWrite(connection, caller, { ...request, dataHash });
  if (before.priorVersion !== null) return priorVersion(connection, caller, before);
  refuse(before, request);
  const { data, base, ...draft } = await draftVersion(connection, caller, request, newest);
  checkContextData(before.schema, data.data, ["data"]);
  const content = contentOf(data, base);
  const written = await appendVersion(connection, caller, {
    ...request,
    ...draft,
    data,
    content,
    takesRoom,
    schemaHash: before.schemaHash,
    rolledBackTo: null,
    reason: null,
  });
  if (written && takesRoom) await takeStorage(connection, request.contextId, Buffer.byteLength(content.body));
  if (written) return written;
  const after = await lookAtContext(connection, caller, { ...request, dataHash: data.hash });
  if (after.priorVersion !== null) return priorVersion(connection, caller, after);
  refuse(after, request);
  return null;
}

function priorVersion(connection: Connection, caller: Caller, seen: SeenContext): Promise<ContextVersion | null> {
  return loadVersion(connection, caller, { contextId: seen.id, number: seen.priorVersion ?? 0 });
}

function refuse(seen: SeenContext, request: WriteRequest): void {
  const refusal = writeRefusal(seen, request);
  if (refusal) throw refusal;
}
