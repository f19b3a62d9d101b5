import { durationText } from "#components/time.tsx";

interface Attempt {
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly durationMs: number | null;
}

/** What came back of the last attempt: "200 · 34 ms", "500 · 34 ms", or why nothing did; null before the first. */
export function answerText({ lastStatus, lastError, durationMs }: Attempt): string | null {
  if (lastStatus === null) return lastError;
  return durationMs === null ? String(lastStatus) : `${lastStatus} · ${durationText(durationMs)}`;
}
