import { cleanText } from "@muster/agent-toolkit/clean-text.ts";

/** Something that keeps a commit from being built. */
export interface Diagnostic {
  /** Relative to the repository; null when no single file is to blame. */
  readonly file: string | null;
  /** From 1; null without a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** "TS2322", "ESBUILD" or "NO_ENTRY_POINT". */
  readonly code: string;
  readonly message: string;
}

/** How many a build reports at most. */
export const diagnosticLimit = 200;

const messageLimit = 2_000;

export function diagnostic(
  place: { file: string; line: number; column: number } | null,
  code: string,
  message: string,
): Diagnostic {
  const { file, line, column } = place ?? { file: null, line: null, column: null };
  return { file, line, column, code, message: cleanText(message, messageLimit) };
}
