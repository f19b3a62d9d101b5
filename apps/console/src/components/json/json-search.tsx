"use client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/button.tsx";
import { MOST_FOUND } from "#components/json/find-lines.ts";

const PAUSE_MS = 150;

interface JsonSearchProps {
  /** How many lines have it. */
  readonly count: number;
  /** Which of them the reader is at, from 0; null: none yet. */
  readonly current: number | null;
  /** Called once typing has paused. */
  readonly onSearch: (text: string) => void;
  readonly onStep: (by: 1 | -1) => void;
}

/** Looks for a key or a value. Enter leads to the next one, Shift-Enter to the one before, Escape ends it. */
export function JsonSearch({ count, current, onSearch, onStep }: JsonSearchProps) {
  const [text, setText] = useState("");
  const search = useRef(onSearch);
  search.current = onSearch;
  const asked = useRef("");
  useEffect(() => {
    if (text === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = text;
      search.current(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") {
      setText("");
      event.stopPropagation();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  return (
    <div className="flex min-w-0 items-center gap-1">
      <input
        type="search"
        aria-label="Find in the data"
        placeholder="Find a key or value"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="w-44 min-w-0 rounded-md border border-line-strong bg-surface px-2 py-0.75 placeholder:text-faint"
      />
      {text !== "" && (
        <>
          <span role="status" className="px-1 whitespace-nowrap text-muted tabular-nums">
            {count === 0
              ? "not found"
              : `${current === null ? "" : `${(current + 1).toLocaleString("en-GB")} of `}${count.toLocaleString("en-GB")}${count === MOST_FOUND ? "+" : ""}`}
          </span>
          <Button
            look="ghost"
            className="px-1.5"
            aria-label="Previous find"
            disabled={count === 0}
            onClick={() => onStep(-1)}
          >
            ↑
          </Button>
          <Button
            look="ghost"
            className="px-1.5"
            aria-label="Next find"
            disabled={count === 0}
            onClick={() => onStep(1)}
          >
            ↓
          </Button>
        </>
      )}
    </div>
  );
}
