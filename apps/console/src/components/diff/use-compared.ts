"use client";
import { useEffect, useState } from "react";
import { alignLines } from "#components/diff/align-lines.ts";
import { type ComparedLine, comparedLines } from "#components/diff/compare-lines.ts";
import type { CompareRequest } from "#components/diff/compare-worker.ts";
import { lineRuns, type Run } from "#components/diff/line-runs.ts";
import { type JsonLine, jsonLines } from "#components/json/json-lines.ts";

/** Up to so many lines are compared at once, on the page: that takes less than to ask a worker. */
const FEW_LINES = 4_000;
const ON_PAGE_MS = 40;
/** Afterwards they are compared place by place. */
const IN_WORKER_MS = 1_500;

export type Compared =
  | { readonly state: "working" }
  | { readonly state: "done"; readonly lines: readonly ComparedLine[] };

const WORKING: Compared = { state: "working" };

/** Two values compared line by line: large ones in a worker, so that the page stays quick. Null while they are not known. */
export function useCompared(values: { readonly before: unknown; readonly after: unknown } | null): Compared {
  const [compared, setCompared] = useState<{ values: typeof values; result: Compared }>({
    values: null,
    result: WORKING,
  });
  useEffect(() => {
    if (values === null) return undefined;
    const [before, after] = [jsonLines(values.before), jsonLines(values.after)];
    const show = (runs: readonly Run[]) =>
      setCompared({ values, result: { state: "done", lines: comparedLines(runs, before, after) } });
    if (before.length + after.length <= FEW_LINES) {
      const texts = (lines: readonly JsonLine[]) => lines.map(({ text }) => text);
      const runs = lineRuns(texts(before), texts(after), ON_PAGE_MS);
      if (runs !== null) {
        show(runs);
        return undefined;
      }
    }
    const worker = new Worker(new URL("./compare-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Run[]>) => show(data));
    // Without a worker it takes the page a moment.
    worker.addEventListener("error", () => show(alignLines(before, after)));
    worker.postMessage({ ...values, timeoutMs: IN_WORKER_MS } satisfies CompareRequest, { transfer: [] });
    return () => worker.terminate();
  }, [values]);
  return compared.values === values && values !== null ? compared.result : WORKING;
}
