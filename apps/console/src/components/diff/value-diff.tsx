"use client";
import { useMemo } from "react";
import { compareLines } from "#components/diff/compare-lines.ts";
import { DiffLines } from "#components/diff/diff-lines.tsx";
import { jsonLines } from "#components/json/json-lines.ts";

interface ValueDiffProps {
  readonly label: string;
  readonly before: unknown;
  readonly after: unknown;
}

const MOST_MILLISECONDS = 1_000;

/** What turns one value into another, as lines. */
export function ValueDiff({ label, before, after }: ValueDiffProps) {
  const lines = useMemo(() => {
    const [from, to] = [before, after].map((value) => jsonLines(value).map(({ text }) => text));
    return compareLines(from ?? [], to ?? [], MOST_MILLISECONDS);
  }, [before, after]);
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border border-line bg-surface">
      {lines === null ? (
        <p className="px-4 py-3 text-muted">The difference is too large to be shown here.</p>
      ) : (
        <DiffLines lines={lines} split={false} />
      )}
    </section>
  );
}
