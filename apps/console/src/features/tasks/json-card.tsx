"use client";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { JsonView } from "#components/json/json-view.tsx";
import { sizeText } from "#components/size-text.ts";

interface JsonCardProps {
  readonly title: string;
  readonly value: unknown;
  /** What a downloaded file is called. */
  readonly fileName: string;
  /** Instead of the value, where there is none. */
  readonly absent?: ReactNode;
}

/** More of a text is not put into the document: it can be copied and downloaded. */
const MOST_RAW = 100_000;

/** A value of a task: as a tree that folds, or as it was written. */
export function JsonCard({ title, value, fileName, absent }: JsonCardProps) {
  const [as, setAs] = useState<"tree" | "raw">("tree");
  const raw = useMemo(() => (absent === undefined ? JSON.stringify(value, null, 2) : ""), [value, absent]);
  return (
    <Card className="min-w-0">
      <section aria-label={title}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2">
          <h2 className="font-[550]">{title}</h2>
          {absent === undefined && <span className="text-sm text-faint tabular-nums">{sizeText(raw.length)}</span>}
          <span className="grow" />
          {absent === undefined && (
            <>
              <Choice label={`${title} as`} options={{ tree: "Tree", raw: "Raw" }} value={as} onChange={setAs} />
              <CopyButton text={() => raw} />
              {raw.length > MOST_RAW && <Button onClick={() => download(fileName, raw)}>Download</Button>}
            </>
          )}
        </div>
        <div className="border-t border-line">
          {absent !== undefined ? (
            <div className="px-4 py-3 text-muted">{absent}</div>
          ) : as === "tree" ? (
            <JsonView key={raw.length} value={value} />
          ) : (
            <pre
              tabIndex={0}
              aria-label={`${title} as written`}
              className="max-h-120 overflow-auto px-4 py-2 font-mono text-sm leading-5 wrap-anywhere whitespace-pre-wrap"
            >
              {raw.slice(0, MOST_RAW)}
              {raw.length > MOST_RAW && `\n… ${sizeText(raw.length - MOST_RAW)} more`}
            </pre>
          )}
        </div>
      </section>
    </Card>
  );
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
