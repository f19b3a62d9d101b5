"use client";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { type JsonLine, jsonLines } from "#components/json/json-lines.ts";
import { LineTokens } from "#components/json/line-tokens.tsx";
import { lineOf } from "#components/json/line-of.ts";
import { type LinesHandle, VirtualLines } from "#components/json/virtual-lines.tsx";
import { carriedFolds, foldedAtFirst, foldedText, unfoldedTo, visibleLines } from "#components/json/visible-lines.ts";
import { toggled } from "#components/toggled.ts";

interface Folds {
  readonly lines: readonly JsonLine[];
  readonly folded: ReadonlySet<number>;
}

interface JsonViewProps {
  readonly value: unknown;
  /** Its lines, where they are there already. */
  readonly lines?: readonly JsonLine[];
  /** What it is, for those who cannot see where it stands. */
  readonly label?: string;
  /** The line that the reader is at; left out, the view keeps it to itself. */
  readonly at?: number | null;
  readonly onAt?: (at: number) => void;
  /** A text that is marked. */
  readonly search?: string;
  /** How high it may become. */
  readonly className?: string;
}

/**
 * A value as JSON to read: objects and lists open and close, long ones are closed at first. Arrow keys move, open and close.
 * However long it is, only what is seen is in the document.
 */
export function JsonView({
  value,
  lines: given,
  label = "Data",
  className = "max-h-[70dvh]",
  ...props
}: JsonViewProps) {
  const lines = useMemo(() => given ?? jsonLines(value), [given, value]);
  const id = useId();
  const list = useRef<LinesHandle>(null);
  const [own, setOwn] = useState<number | null>(null);
  const at = props.at === undefined ? own : props.at;
  const [folds, setFolds] = useState<Folds>(() => ({ lines, folded: foldedAtFirst(lines) }));
  // The next version of a value takes the place of the one before, and the reader keeps theirs.
  const now = folds.lines === lines ? folds : { lines, folded: carriedFolds(lines, folds) };
  if (now !== folds) setFolds(now);
  const { folded } = now;
  const setFolded = (changed: ReadonlySet<number>) => setFolds({ lines, folded: changed });
  const visible = useMemo(() => visibleLines(lines, folded), [lines, folded]);
  const move = (to: number | undefined) => {
    if (to === undefined || to < 0 || to >= lines.length) return;
    setOwn(to);
    props.onAt?.(to);
  };
  // Wherever the reader is brought, by a search or an address, it can be seen.
  useEffect(() => {
    if (at === null) return;
    setFolds((current) =>
      current.lines === lines ? { lines, folded: unfoldedTo(lines, current.folded, at) } : current,
    );
  }, [lines, at]);
  useEffect(() => {
    const row = at === null ? -1 : visible.indexOf(at);
    if (row >= 0) list.current?.show(row);
  }, [at, visible]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return;
    const row = at === null ? -1 : visible.indexOf(at);
    const line = at === null ? undefined : lines[at];
    const opens = line?.end != null;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(visible[row + 1]),
      ArrowUp: () => move(visible[Math.max(row - 1, 0)]),
      Home: () => move(visible[0]),
      End: () => move(visible.at(-1)),
      ArrowRight: () => {
        if (at !== null && opens && folded.has(at)) setFolded(toggled(folded, at));
        else if (opens) move(visible[row + 1]);
      },
      ArrowLeft: () => {
        if (at !== null && opens && !folded.has(at)) setFolded(toggled(folded, at));
        else move(line?.parent);
      },
      Enter: () => at !== null && opens && setFolded(toggled(folded, at)),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <VirtualLines
      handle={list}
      count={visible.length}
      keyOf={(index) => visible[index] ?? index}
      role="tree"
      aria-label={label}
      aria-activedescendant={at === null ? undefined : `${id}${at}`}
      onKeyDown={onKeyDown}
      onClick={(event) => move(lineOf(event.target))}
      className={`py-1.5 ${className}`}
      renderRow={(index) => {
        const number = visible[index] ?? 0;
        const line = lines[number];
        if (!line) return null;
        const closed = folded.has(number);
        return (
          <div
            id={`${id}${number}`}
            data-line={number}
            role="treeitem"
            aria-level={line.depth + 1}
            aria-selected={number === at}
            {...(line.end !== null && { "aria-expanded": !closed })}
            className={`grid grid-cols-[52px_18px_1fr] pr-3 ${number === at ? "bg-accent-soft" : ""}`}
          >
            <span aria-hidden className="pr-1.5 text-right text-faint tabular-nums select-none">
              {number + 1}
            </span>
            {line.end === null ? (
              <span />
            ) : (
              <button
                type="button"
                tabIndex={-1}
                aria-label={`${closed ? "Open" : "Close"} line ${number + 1}`}
                onClick={() => setFolded(toggled(folded, number))}
                className="rounded-sm text-faint hover:bg-sunken hover:text-ink"
              >
                {closed ? "›" : "⌄"}
              </button>
            )}
            <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
              <LineTokens line={line} search={props.search ?? ""} />
              {closed && <span className="text-muted">{foldedText(line, lines)}</span>}
            </span>
          </div>
        );
      }}
    />
  );
}
