import { diskFull, EmbeddedPostgresError, notWritable } from "./embedded-postgres-error.ts";

export interface StartFailureContext {
  readonly dataDir: string;
  /** How the sentence begins when the output says nothing that we know. */
  readonly what: string;
  readonly port?: number;
  readonly logFile?: string;
}

/** Reads what PostgreSQL's programs (in English) said before they ended, and makes the error that tells a person what to do. */
export function startFailure(output: string, context: StartFailureContext): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(context.dataDir);
  if (isPortTaken(output)) {
    return new EmbeddedPostgresError(
      "PORT_TAKEN",
      `Port ${context.port} on 127.0.0.1 is taken, so PostgreSQL cannot listen on it: stop what uses it and start again.`,
    );
  }
  if (/Permission denied/i.test(output)) return notWritable(context.dataDir);
  const line = lastTellingLine(output);
  const quote = line ? `: ${line}` : " and said nothing";
  const where = context.logFile ? ` The whole log is in ${context.logFile}.` : "";
  return new EmbeddedPostgresError("NOT_STARTED", `${context.what}${quote}${/[.!?]$/.test(quote) ? "" : "."}${where}`);
}

export function isPortTaken(output: string): boolean {
  return /could not bind|could not create any TCP\/IP sockets/i.test(output);
}

/** The processes of a postmaster that was killed live on for a moment and keep the data locked. */
export function isStillInUse(output: string): boolean {
  return /pre-existing shared memory block|lock file "postmaster\.pid" already exists/i.test(output);
}

function lastTellingLine(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1))?.trim();
}
