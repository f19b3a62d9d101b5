import { InvalidInput } from "@muster/domain/errors.ts";
import { DEFAULT_JSON_LIMITS, type Json, type JsonLimits } from "@muster/domain/json.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { z } from "zod";
import { json, parseInput, text } from "../../input.ts";
import type { Runtime } from "../../runtime.ts";
import { type PreparedData, prepareData } from "./data-hash.ts";

const MAX_OPERATIONS = 1_000;

/** What to write: exactly one of `data`, `patch` and `mergePatch`. */
export interface WriteContextInput {
  readonly contextId: string;
  /** The whole data. */
  readonly data?: Json | undefined;
  /** A JSON Patch (RFC 6902). */
  readonly patch?: readonly JsonPatchOperation[] | null | undefined;
  /** A JSON Merge Patch (RFC 7396). */
  readonly mergePatch?: Json | undefined;
  /** Whether to put the change together with what others have written since `baseVersion`. */
  readonly merge?: boolean | null | undefined;
  readonly message?: string | null | undefined;
  readonly baseVersion?: number | null | undefined;
  readonly expectedVersion?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What the writer wants the data to be, or to become. */
export type Change =
  | { readonly data: PreparedData }
  | { readonly patch: readonly JsonPatchOperation[] }
  | { readonly mergePatch: Json };

/** A write as it was asked for, checked. */
export interface WriteRequest {
  readonly contextId: string;
  readonly change: Change;
  readonly limits: JsonLimits;
  readonly message: string | null;
  readonly baseVersion: number | null;
  readonly expectedVersion: number | null;
  readonly merge: boolean;
  readonly idempotencyKey: string | null;
}

/** Throws `InvalidInput` with everything that is wrong. */
export function parseWriteRequest(runtime: Runtime, input: WriteContextInput): WriteRequest {
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
      mergePatch: json(limits.bytes).optional(),
      merge: z.boolean().nullish(),
      message: text(1_000).nullish(),
      baseVersion: version,
      expectedVersion: version,
      idempotencyKey: text(200).nullish(),
    }),
    input,
  );
  const { message = null, baseVersion = null, expectedVersion = null, idempotencyKey = null } = parsed;
  const merge = parsed.merge ?? false;
  const change = changeOf(parsed);
  if (merge && baseVersion === null) throw invalid("baseVersion", "is needed for a merge: the version that was read.");
  return {
    contextId: parsed.contextId,
    change,
    limits,
    message,
    baseVersion,
    // A patch that was made for one version says nothing about another.
    expectedVersion: expectedVersion ?? ("data" in change || merge ? null : baseVersion),
    merge,
    idempotencyKey,
  };
}

function changeOf({
  data = null,
  patch,
  mergePatch = null,
}: {
  readonly data?: Json | undefined;
  readonly patch?: readonly JsonPatchOperation[] | null | undefined;
  readonly mergePatch?: Json | undefined;
}): Change {
  const given = [data !== null, Boolean(patch), mergePatch !== null].filter(Boolean).length;
  if (given === 1 && data !== null) return { data: prepareData(data) };
  if (given === 1 && patch) return { patch };
  if (given === 1 && mergePatch !== null) return { mergePatch };
  throw invalid("data", "Give exactly one of data (which must not be null), patch and mergePatch.");
}

function invalid(field: string, message: string): InvalidInput {
  return new InvalidInput([{ path: [field], message }]);
}
