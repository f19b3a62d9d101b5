"use client";
import { useEffect, useRef } from "react";
import type { JsonLine } from "#components/json/json-lines.ts";
import { lineOf } from "#components/json/line-of.ts";
import { LineTokens } from "#components/json/line-tokens.tsx";
import { type LinesHandle, VirtualLines } from "#components/json/virtual-lines.tsx";

interface JsonRawProps {
  readonly lines: readonly JsonLine[];
  readonly at?: number | null;
  readonly onAt?: (at: number) => void;
  readonly search?: string;
  readonly label?: string;
  readonly className?: string;
}

/** A value as the text that it is, all of it, with nothing folded. */
export function JsonRaw({
  lines,
  at = null,
  onAt,
  search = "",
  label = "Text",
  className = "max-h-[70dvh]",
}: JsonRawProps) {
  const list = useRef<LinesHandle>(null);
  useEffect(() => {
    if (at !== null) list.current?.show(at);
  }, [at]);
  return (
    <VirtualLines
      handle={list}
      count={lines.length}
      role="group"
      aria-label={label}
      className={`py-1.5 ${className}`}
      onClick={(event) => {
        const line = lineOf(event.target);
        if (line !== undefined) onAt?.(line);
      }}
      renderRow={(index) => {
        const line = lines[index];
        return (
          line && (
            <div
              data-line={index}
              className={`px-3.5 wrap-anywhere whitespace-pre-wrap ${index === at ? "bg-accent-soft" : ""}`}
            >
              <LineTokens line={line} search={search} />
            </div>
          )
        );
      }}
    />
  );
}
