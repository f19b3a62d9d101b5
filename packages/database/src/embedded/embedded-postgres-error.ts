import { MusterError } from "@muster/domain/errors.ts";

export type EmbeddedPostgresFault =
  | "UNSUPPORTED_PLATFORM"
  | "NO_ACCOUNT"
  | "NOT_WRITABLE"
  | "DISK_FULL"
  | "IN_USE"
  | "OTHER_VERSION"
  | "DAMAGED"
  | "PORT_TAKEN"
  | "NOT_STARTED";

/** Why the embedded Postgres cannot run. `message` is one sentence or two that say what to do. */
export class EmbeddedPostgresError extends MusterError {
  readonly code: EmbeddedPostgresFault;
  constructor(code: EmbeddedPostgresFault, message: string) {
    super(message);
    this.code = code;
  }
}

export function diskFull(folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "DISK_FULL",
    `The disk that holds ${folder} is full: free some space, or choose a folder on another disk with --data-dir.`,
  );
}

export function notWritable(folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "NOT_WRITABLE",
    `The folder ${folder} cannot be written: change its permissions, or choose another one with --data-dir.`,
  );
}

/** Turns the file system's errors that a person can do something about into sentences; gives others back as they are. */
export function fileError(error: unknown, folder: string): unknown {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(folder);
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return notWritable(folder);
    default:
      return error;
  }
}
