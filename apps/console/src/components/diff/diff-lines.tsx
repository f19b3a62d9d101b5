"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ComparedLine } from "#components/diff/compare-lines.ts";
import { DiffRow, OPEN_AT_ONCE } from "#components/diff/diff-row.tsx";
import { type Fold, foldLines, type Shown, splitLines } from "#components/diff/fold-lines.ts";
import { type LinesHandle, VirtualLines } from "#components/json/virtual-lines.tsx";

interface DiffLinesProps {
  readonly lines: readonly ComparedLine[];
  /** Before and after side by side, instead of one beneath the other. */
  readonly split: boolean;
  /** With all that is unchanged, instead of folding it. */
  readonly full?: boolean;
  /** A line to bring into view, and to mark: where a change begins. */
  readonly at?: ComparedLine | null;
  /** How high it may become. */
  readonly className?: string;
}

/** A comparison to read: what is unchanged is folded. However long it is, only what is seen is in the document. */
export function DiffLines({ lines, split, full = false, at = null, className = "max-h-[70dvh]" }: DiffLinesProps) {
  const [opened, setOpened] = useState<ReadonlyMap<number, number>>(new Map());
  const list = useRef<LinesHandle>(null);
  const shown = useMemo((): readonly Shown[] => (full ? lines : foldLines(lines, opened)), [lines, opened, full]);
  const rows = useMemo(
    () => (split ? splitLines(shown) : shown.map((each): [Shown, Shown] => [each, each])),
    [shown, split],
  );
  const open = ({ id }: Fold) => setOpened(new Map(opened).set(id, (opened.get(id) ?? 0) + OPEN_AT_ONCE));
  useEffect(() => {
    const row = at === null ? -1 : rows.findIndex((sides) => sides.includes(at));
    if (row >= 0) list.current?.show(row);
  }, [at, rows]);
  return (
    <VirtualLines
      handle={list}
      count={rows.length}
      role="group"
      aria-label="Lines"
      className={className}
      renderRow={(index) => {
        const [before = null, after = null] = rows[index] ?? [];
        const mark = at !== null && (before === at || after === at) ? "shadow-[inset_3px_0_0_var(--color-accent)]" : "";
        if (!split || (before === after && before?.kind === "fold")) {
          return (
            <div className={mark}>
              <DiffRow shown={before} side="both" onOpen={open} />
            </div>
          );
        }
        return (
          <div className={`grid grid-cols-2 ${mark}`}>
            <DiffRow shown={before} side="before" onOpen={open} />
            <DiffRow shown={after} side="after" onOpen={open} />
          </div>
        );
      }}
    />
  );
}
