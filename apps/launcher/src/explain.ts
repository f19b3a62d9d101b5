import { EmbeddedPostgresError } from "@muster/database/embedded/embedded-postgres-error.ts";
import { LauncherError } from "./launcher-error.ts";

/** Classes that are loaded only when needed, recognised by what they call themselves. */
const EXPECTED = new Set(["DatabaseUnusable", "NewerDatabaseError"]);
const DISK_FULL = new Set(["ENOSPC", "EDQUOT", "53100"]);
const NOT_ALLOWED = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);

/** The sentence for the person when the failure is one that we expect, else null: then it is a defect of ours. */
export function explain(error: unknown, dataDir: string): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof LauncherError || error instanceof EmbeddedPostgresError || EXPECTED.has(error.name)) {
    return error.message;
  }
  const code = String((error as NodeJS.ErrnoException).code);
  if (DISK_FULL.has(code)) {
    return `The disk that holds ${dataDir} is full: free some space, or choose a folder on another disk with --data-dir.`;
  }
  if (NOT_ALLOWED.has(code)) {
    return `The folder ${dataDir} cannot be written: change its permissions, or choose another one with --data-dir.`;
  }
  return null;
}
