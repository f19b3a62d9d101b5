"use client";
import dynamic from "next/dynamic";
import { Choice } from "#components/choice.tsx";
import { ChangeButtons } from "#components/diff/change-buttons.tsx";
import { DiffLines } from "#components/diff/diff-lines.tsx";
import { useChangeSteps } from "#components/diff/use-change-steps.ts";
import type { Compared } from "#components/diff/use-compared.ts";
import { Loading } from "#components/notice.tsx";
import type { ComparisonLook } from "#features/contexts/comparison.tsx";
import { MODES } from "#features/contexts/version-view.ts";

/** Read when they are asked for. */
const DiffTree = dynamic(() => import("#features/contexts/diff-tree.tsx").then((module) => module.DiffTree));
const DiffPatch = dynamic(() => import("#features/contexts/diff-patch.tsx").then((module) => module.DiffPatch));

const EXTENTS = { compact: "Compact", full: "Full" } as const;
const NONE: readonly never[] = [];

interface ComparisonLinesProps {
  /** The versions' ids. */
  readonly from: string;
  readonly to: string;
  readonly compared: Compared;
  readonly look: ComparisonLook;
  readonly onLook: (look: ComparisonLook) => void;
  readonly className: string | undefined;
}

/** Two versions that differ: how to look at them, and the lines. */
export function ComparisonLines({ from, to, compared, look, onLook, className }: ComparisonLinesProps) {
  const lines = compared.state === "done" ? compared.lines : NONE;
  const steps = useChangeSteps(lines);
  const { mode, full } = look;
  const asLines = mode === "unified" || mode === "split";
  const height = className === undefined ? {} : { className };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
        <Choice label="Show as" options={MODES} value={mode} onChange={(chosen) => onLook({ mode: chosen, full })} />
        {mode !== "patch" && (
          <Choice
            label="What is unchanged"
            options={EXTENTS}
            value={full ? "full" : "compact"}
            onChange={(chosen) => onLook({ mode, full: chosen === "full" })}
          />
        )}
        <span className="grow" />
        {asLines && compared.state === "done" && <ChangeButtons steps={steps} />}
      </div>
      {mode === "tree" ? (
        <DiffTree from={from} to={to} compact={!full} {...height} />
      ) : mode === "patch" ? (
        <DiffPatch from={from} to={to} {...height} />
      ) : compared.state === "working" ? (
        <Loading label="Comparing" />
      ) : (
        <DiffLines lines={lines} split={mode === "split"} full={full} at={steps.at} {...height} />
      )}
    </>
  );
}
