"use client";
import { useMemo, useState } from "react";
import type { ComparedLine } from "#components/diff/compare-lines.ts";
import { type Fold, foldLines, type Shown, splitLines } from "#components/diff/fold-lines.ts";
import { LineText } from "#components/json/line-text.tsx";
import { LINES_AT_ONCE, ShowMore } from "#components/json/show-more.tsx";

const LOOKS = {
  same: { sign: "", word: "", look: "" },
  removed: { sign: "−", word: "removed:", look: "bg-removed text-removed-ink" },
  added: { sign: "+", word: "added:", look: "bg-added text-added-ink" },
} as const;
const FOLDED = { same: "unchanged", removed: "removed", added: "added" } as const;
/** So many lines come out of a fold at a time. */
const OPEN_AT_ONCE = 200;

interface DiffLinesProps {
  readonly lines: readonly ComparedLine[];
  /** Before and after side by side, instead of one beneath the other. */
  readonly split: boolean;
}

/** A comparison to read: what is unchanged is folded. */
export function DiffLines({ lines, split }: DiffLinesProps) {
  const [opened, setOpened] = useState<ReadonlyMap<number, number>>(new Map());
  const [limit, setLimit] = useState(LINES_AT_ONCE);
  const shown = useMemo(() => foldLines(lines, opened), [lines, opened]);
  const rows = useMemo(
    () => (split ? splitLines(shown) : shown.map((each): [Shown, Shown] => [each, each])),
    [shown, split],
  );
  const open = ({ id }: Fold) => setOpened(new Map(opened).set(id, (opened.get(id) ?? 0) + OPEN_AT_ONCE));
  return (
    <>
      <div className="font-mono text-sm leading-5">
        {rows.slice(0, limit).map(([before, after], index) =>
          !split || (before === after && before?.kind === "fold") ? (
            <Row key={index} shown={before} side="both" onOpen={open} />
          ) : (
            <div key={index} className="grid grid-cols-2">
              <Row shown={before} side="before" onOpen={open} />
              <Row shown={after} side="after" onOpen={open} />
            </div>
          ),
        )}
      </div>
      <ShowMore left={rows.length - limit} onMore={() => setLimit(limit + LINES_AT_ONCE)} />
    </>
  );
}

interface RowProps {
  readonly shown: Shown | null;
  readonly side: "both" | "before" | "after";
  readonly onOpen: (fold: Fold) => void;
}

function Row({ shown, side, onOpen }: RowProps) {
  if (shown === null) return <div className="bg-sunken" />;
  if (shown.kind === "fold") {
    const many = shown.count > OPEN_AT_ONCE ? `, show ${OPEN_AT_ONCE}` : "";
    return (
      <button
        type="button"
        onClick={() => onOpen(shown)}
        className="block w-full bg-sunken px-3.5 py-0.5 text-left font-sans text-muted hover:text-ink"
      >
        {shown.count.toLocaleString("en")} {FOLDED[shown.of]} lines{many}
      </button>
    );
  }
  const { sign, word, look } = LOOKS[shown.kind];
  const number = `pr-2 text-right tabular-nums select-none ${shown.kind === "same" ? "text-faint" : ""}`;
  return (
    <div
      className={`grid pr-3 ${side === "both" ? "grid-cols-[46px_46px_18px_1fr]" : "grid-cols-[46px_18px_1fr]"} ${look}`}
    >
      {side !== "after" && (
        <span aria-hidden className={number}>
          {shown.before}
        </span>
      )}
      {side !== "before" && (
        <span aria-hidden className={number}>
          {shown.after}
        </span>
      )}
      <span className="text-center select-none">
        <span aria-hidden>{sign}</span>
        <span className="sr-only">{word}</span>
      </span>
      <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
        <LineText text={shown.text} />
      </span>
    </div>
  );
}
