"use client";
import { useMemo, useState } from "react";
import { toggled } from "#components/toggled.ts";
import { jsonLines } from "#components/json/json-lines.ts";
import { LineText } from "#components/json/line-text.tsx";
import { LINES_AT_ONCE, ShowMore } from "#components/json/show-more.tsx";
import { foldedAtFirst, foldedText, visibleLines } from "#components/json/visible-lines.ts";

/** A value as JSON to read: objects and lists open and close, long ones are closed at first. */
export function JsonView({ value }: { readonly value: unknown }) {
  const lines = useMemo(() => jsonLines(value), [value]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(() => foldedAtFirst(lines));
  const [limit, setLimit] = useState(LINES_AT_ONCE);
  const visible = useMemo(() => visibleLines(lines, folded), [lines, folded]);
  return (
    <>
      <div className="py-1.5 font-mono text-sm leading-5">
        {visible.slice(0, limit).map((line) => {
          const text = (
            <>
              <LineText text={line.text} />
              {line.folded && <span className="text-muted">{foldedText(line, lines)}</span>}
            </>
          );
          return (
            <div key={line.at} className="grid grid-cols-[44px_18px_1fr] pr-3">
              <span aria-hidden className="pr-1.5 text-right text-faint tabular-nums select-none">
                {line.at + 1}
              </span>
              {line.end === null ? (
                <span />
              ) : (
                <button
                  type="button"
                  aria-expanded={!line.folded}
                  aria-label={`${line.folded ? "Open" : "Close"} line ${line.at + 1}`}
                  onClick={() => setFolded(toggled(folded, line.at))}
                  className="rounded-sm text-faint hover:bg-sunken hover:text-ink"
                >
                  {line.folded ? "›" : "⌄"}
                </button>
              )}
              <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">{text}</span>
            </div>
          );
        })}
      </div>
      <ShowMore left={visible.length - limit} onMore={() => setLimit(limit + LINES_AT_ONCE)} />
    </>
  );
}
