import { alignLines } from "#components/diff/align-lines.ts";
import { lineRuns } from "#components/diff/line-runs.ts";
import { jsonLines } from "#components/json/json-lines.ts";

/** What the page asks: two values, and how long to look for the best comparison. */
export interface CompareRequest {
  readonly before: unknown;
  readonly after: unknown;
  readonly timeoutMs: number;
}

/** Compares values beside the page, which goes on meanwhile. Answers the runs of lines. */
self.addEventListener("message", ({ data: { before, after, timeoutMs } }: MessageEvent<CompareRequest>) => {
  const [left, right] = [jsonLines(before), jsonLines(after)];
  const texts = (lines: typeof left) => lines.map(({ text }) => text);
  self.postMessage(lineRuns(texts(left), texts(right), timeoutMs) ?? alignLines(left, right), { transfer: [] });
});
