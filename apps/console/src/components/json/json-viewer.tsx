"use client";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "#components/button.tsx";
import { Choice } from "#components/choice.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { downloadText } from "#components/json/download-text.ts";
import { findLines } from "#components/json/find-lines.ts";
import { jsonLines } from "#components/json/json-lines.ts";
import { lineAt, pointerOf } from "#components/json/json-pointer.ts";
import { JsonRaw } from "#components/json/json-raw.tsx";
import { JsonSearch } from "#components/json/json-search.tsx";
import { JsonView } from "#components/json/json-view.tsx";

const MODES = { tree: "Tree", raw: "Text" } as const;

interface JsonViewerProps {
  readonly value: unknown;
  /** What a download is called, without its ending. */
  readonly file: string;
  /** Where the reader begins, as a JSON Pointer. */
  readonly pointer?: string | undefined;
  /** What can be done with the line that the reader is at. */
  readonly renderActions?: (pointer: string) => ReactNode;
  /** How high the data may become. */
  readonly className?: string;
}

/** A value to read: as a tree or as text, with a search, the path of the line that one is at, copy and download. */
export function JsonViewer({ value, file, pointer: begin, renderActions, className }: JsonViewerProps) {
  const lines = useMemo(() => jsonLines(value), [value]);
  const [mode, setMode] = useState<keyof typeof MODES>("tree");
  const [place, setPlace] = useState(() => ({ lines, at: begin ? lineAt(lines, begin) : null }));
  // In another version, the reader is at the same path.
  const at = useMemo(
    () => (place.lines === lines || place.at === null ? place.at : lineAt(lines, pointerOf(place.lines, place.at))),
    [lines, place],
  );
  const setAt = (line: number) => setPlace({ lines, at: line });
  const [search, setSearch] = useState("");
  const found = useMemo(() => findLines(lines, search), [lines, search]);
  const current = at === null ? -1 : found.indexOf(at);
  const pointer = at === null ? null : pointerOf(lines, at);
  const step = (by: 1 | -1) => {
    const next =
      current >= 0
        ? found[(current + by + found.length) % found.length]
        : by === 1
          ? (found.find((each) => each >= (at ?? 0)) ?? found[0])
          : (found.findLast((each) => each <= (at ?? 0)) ?? found.at(-1));
    if (next !== undefined) setAt(next);
  };
  const look = { lines, at, onAt: setAt, search, ...(className !== undefined && { className }) };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
        <Choice label="Show data as" options={MODES} value={mode} onChange={setMode} />
        <JsonSearch
          count={found.length}
          current={current < 0 ? null : current}
          onSearch={(text) => {
            setSearch(text);
            const [first] = findLines(lines, text);
            if (first !== undefined) setAt(first);
          }}
          onStep={step}
        />
        <span className="grow" />
        <CopyButton text={() => lines.map(({ text }) => text).join("\n")} />
        <Button onClick={() => downloadText(`${file}.json`, lines.map(({ text }) => text).join("\n"))}>Download</Button>
      </div>
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 border-b border-line bg-sunken/50 px-3.5 py-1">
        {pointer === null ? (
          <span className="text-muted">Choose a line, with the arrow keys or a click, to see its path.</span>
        ) : (
          <>
            <output aria-label="Path" className="min-w-0 font-mono text-sm wrap-anywhere">
              {pointer === "" ? <span className="font-sans text-muted">the whole data</span> : pointer}
            </output>
            <span className="grow" />
            {pointer !== "" && <CopyButton text={() => pointer}>path</CopyButton>}
            {renderActions?.(pointer)}
          </>
        )}
      </div>
      {mode === "tree" ? <JsonView value={value} {...look} /> : <JsonRaw {...look} />}
    </>
  );
}
