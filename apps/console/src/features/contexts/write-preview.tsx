"use client";
import { useMemo } from "react";
import { Card } from "#components/card.tsx";
import { ChangeButtons } from "#components/diff/change-buttons.tsx";
import { DiffLines } from "#components/diff/diff-lines.tsx";
import { useChangeSteps } from "#components/diff/use-change-steps.ts";
import { useCompared } from "#components/diff/use-compared.ts";
import { Empty, Loading } from "#components/notice.tsx";

const NONE: readonly never[] = [];

/** What a version changes that is about to be written. */
export function WritePreview({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const compared = useCompared(useMemo(() => ({ before, after }), [before, after]));
  const lines = compared.state === "done" ? compared.lines : NONE;
  const steps = useChangeSteps(lines);
  return (
    <Card role="region" aria-label="Changes" className="min-w-0">
      <div className="flex items-center justify-between gap-3 border-b border-line px-3.5 py-2">
        <h3 className="font-semibold">What changes</h3>
        {steps.count > 0 && <ChangeButtons steps={steps} />}
      </div>
      {compared.state === "working" ? (
        <Loading label="Comparing" />
      ) : steps.count === 0 ? (
        <Empty title="Nothing">The data is the same. A version with it can be written all the same.</Empty>
      ) : (
        <DiffLines lines={lines} split={false} at={steps.at} className="max-h-[45vh]" />
      )}
    </Card>
  );
}
