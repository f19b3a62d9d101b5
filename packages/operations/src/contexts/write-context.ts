import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { DEFAULT_JSON_LIMITS, jsonIssues, type Json } from "@muster/domain/json.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { json, parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { appendVersion } from "./append-version.ts";
import { lockContext } from "./context-queries.ts";
import { type PreparedData, prepareData } from "./data-hash.ts";
import { applyPatch, type JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { recordReader } from "./record-reader.ts";
import type { ContextVersion } from "./version-row.ts";
import { contentOf } from "./version-contents.ts";
import { loadNewestData, loadVersion, loadVersionData, type VersionData } from "./version-queries.ts";
import { lookAtContext, writeRefusal } from "./write-refusal.ts";

const MAX_OPERATIONS = 1_000;

export interface WriteContextInput {
  readonly contextId: string;
  /** The whole data; or `patch`. */
  readonly data?: Json | undefined;
  readonly patch?: readonly JsonPatchOperation[] | null | undefined;
  readonly message?: string | null | undefined;
  readonly baseVersion?: number | null | undefined;
  readonly expectedVersion?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Appends a version, made of `data`, or of a JSON Patch (RFC 6902) on the newest version's data (`{}` before the first).
 * A patch loses nothing that others write meanwhile; with a `baseVersion` it is applied to exactly that version, which
 * then has to be the newest. An idempotency key that was used before answers with the version written then.
 *
 * Throws `Conflict` when the newest version is not `expectedVersion`, `RollbackPending` when `baseVersion` is older than
 * the last rollback, `VersionHeld` when a rollback skipped the same data, and `InvalidInput` with the operation's index
 * in the path for a patch that does not apply.
 */
export async function writeContext(
  runtime: Runtime,
  caller: Caller,
  input: WriteContextInput,
): Promise<ContextVersion> {
  authorize(caller, "context.write");
  const request = parseRequest(runtime, input);
  const first = await attempt(runtime.database, caller, request).catch(nullIfBaseIsGone);
  if (first) runtime.committed();
  const written = first ?? (await attemptAlone(runtime, caller, request));
  const { kind, id } = caller.actor;
  // An agent knows what it wrote: a rollback has to wait for it too.
  if (kind === "AGENT" && id !== null) {
    await recordReader(runtime.database, id, [{ contextId: request.contextId, number: written.number }]);
  }
  return written;
}

const FOREIGN_KEY_VIOLATION = "23503";

/** Retention has removed what the data was to be stored as a patch of. */
function nullIfBaseIsGone(error: unknown): null {
  if ((error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION) return null;
  throw error;
}

/** Another writer was ahead. With the context's row held none can be, so this attempt decides. */
function attemptAlone(runtime: Runtime, caller: Caller, request: Request): Promise<ContextVersion> {
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, request.contextId);
    const written = await attempt(transaction, caller, request);
    if (written) return written;
    throw new Error(`Nothing speaks against writing to context ${request.contextId}, and yet it was not written.`);
  });
}

type Request = ReturnType<typeof parseRequest>;

/** The version that was written now or before, null when another writer was ahead. Throws when the write is refused. */
async function attempt(connection: Connection, caller: Caller, request: Request): Promise<ContextVersion | null> {
  let { data, expectedVersion } = request;
  let base: VersionData | null = null;
  if (request.patch) {
    const seen = await lookAtContext(connection, caller, request);
    if (seen.priorVersion !== null)
      return loadVersion(connection, caller, { contextId: seen.id, number: seen.priorVersion });
    const refusal = writeRefusal(seen, request);
    if (refusal) throw refusal;
    base = (await loadVersionData(connection, caller, [{ contextId: seen.id, number: seen.currentVersion }]))[0] ?? null;
    data = patchedData(base?.data ?? {}, request);
    expectedVersion = seen.currentVersion;
  } else base = await loadNewestData(connection, caller, request.contextId);
  if (!data) throw new TypeError("A write has data or a patch.");
  const written = await appendVersion(connection, caller, {
    ...request,
    data,
    content: contentOf(data, base),
    expectedVersion,
    rolledBackTo: null,
    mergedFrom: null,
    reason: null,
  });
  if (written) return written;
  const seen = await lookAtContext(connection, caller, { ...request, dataHash: data.hash });
  if (seen.priorVersion !== null)
    return loadVersion(connection, caller, { contextId: seen.id, number: seen.priorVersion });
  const refusal = writeRefusal(seen, request);
  if (refusal) throw refusal;
  return null;
}

function patchedData(data: Json, request: Request): PreparedData {
  const patched = applyPatch(data, request.patch ?? [], request.limits);
  const issues =
    patched === null
      ? [{ path: ["patch"], message: "must leave data: use {} for none." }]
      : jsonIssues(patched, ["patch"], request.limits);
  if (issues.length > 0) throw new InvalidInput(issues);
  return prepareData(patched);
}

function parseRequest(runtime: Runtime, input: WriteContextInput) {
  const limits = { ...DEFAULT_JSON_LIMITS, bytes: runtime.settings.maxJsonBytes };
  const version = z.number().int().min(0).max(2_147_483_647).nullish();
  const Operation = z.object({
    op: z.string(),
    path: z.string(),
    from: z.string().nullish(),
    value: json(limits.bytes).optional(),
  });
  const parsed = parseInput(
    z.object({
      contextId: z.uuid(),
      data: json(limits.bytes).optional(),
      patch: z
        .array(Operation)
        .min(1, "must not be empty.")
        .max(MAX_OPERATIONS, `has more than ${MAX_OPERATIONS} operations: write data instead.`)
        .nullish(),
      message: text(1_000).nullish(),
      baseVersion: version,
      expectedVersion: version,
      idempotencyKey: text(200).nullish(),
    }),
    input,
  );
  const {
    data = null,
    patch = null,
    message = null,
    baseVersion = null,
    expectedVersion = null,
    idempotencyKey = null,
  } = parsed;
  if ((data === null) === (patch === null)) {
    throw new InvalidInput([
      {
        path: ["data"],
        message: "Give either data (which must not be null) or patch, and not both.",
      },
    ]);
  }
  return {
    contextId: parsed.contextId,
    data: data === null ? null : prepareData(data),
    dataHash: null,
    patch,
    limits,
    message,
    baseVersion,
    // A patch that was made for one version says nothing about another.
    expectedVersion: expectedVersion ?? (patch ? baseVersion : null),
    idempotencyKey,
  };
}
