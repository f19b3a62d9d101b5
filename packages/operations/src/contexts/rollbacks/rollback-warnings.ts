import { InvalidInput } from "@muster/domain/errors.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { rollbackLifecycle } from "@muster/domain/rollback-lifecycle.ts";
import type { Context } from "../context-queries.ts";
import { checkContextData } from "../context-schema.ts";
import type { VersionData } from "../versions/version-queries.ts";

export type RollbackWarningCode = "SUPERSEDES_ROLLBACK" | "SCHEMA_MISMATCH" | "NEWEST_UNREADABLE";

/** Something to think about before a rollback; nothing that keeps it from being made. */
export interface RollbackWarning {
  readonly code: RollbackWarningCode;
  /** A sentence for people. */
  readonly message: string;
}

/** What speaks against rolling the context back to `target`, or is out of the ordinary. */
export function rollbackWarnings(
  context: Context,
  target: VersionData,
  newestIsReadable: boolean,
): readonly RollbackWarning[] {
  const { currentVersion, rollbackState, rollbackPointer } = context;
  const warnings: RollbackWarning[] = [];
  if (rollbackState !== null && allowedActions(rollbackLifecycle, rollbackState, "system").length > 0) {
    warnings.push({
      code: "SUPERSEDES_ROLLBACK",
      message: `The rollback to version ${rollbackPointer} is still pending: it fails, and this one takes its place.`,
    });
  }
  const mismatch = schemaMismatch(context, target);
  if (mismatch !== null) {
    warnings.push({
      code: "SCHEMA_MISMATCH",
      message: `The data of version ${target.number} does not match the context's schema (${mismatch}).`,
    });
  }
  if (!newestIsReadable) {
    warnings.push({
      code: "NEWEST_UNREADABLE",
      message: `The data of the newest version, ${currentVersion}, was changed in the database, so that the difference cannot be shown.`,
    });
  }
  return warnings;
}

/** What is wrong with the data, by a schema that may be younger than it. */
function schemaMismatch({ schema }: Context, { data }: VersionData): string | null {
  try {
    checkContextData(schema, data, ["data"]);
    return null;
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
}
