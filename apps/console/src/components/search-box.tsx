"use client";
import { useEffect, useRef, useState } from "react";
import { isTyping } from "#components/is-typing.ts";

const PAUSE_MS = 250;

interface SearchBoxProps {
  readonly label: string;
  readonly placeholder: string;
  /** What the address says. */
  readonly value: string;
  /** Called once typing has paused. */
  readonly onSearch: (search: string) => void;
}

/** A text to look for. The key / goes there. */
export function SearchBox({ label, placeholder, value, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const search = useRef(onSearch);
  search.current = onSearch;
  /** What was asked for last: when the address says something else, it was changed elsewhere. */
  const asked = useRef(value);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text.trim() === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = text.trim();
      search.current(asked.current);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className="relative w-full max-w-sm">
      <input
        ref={box}
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText("");
          event.currentTarget.blur();
        }}
        className="w-full rounded-md border border-line-strong bg-surface py-1 pr-8 pl-2.5 placeholder:text-faint [&::-webkit-search-cancel-button]:appearance-none"
      />
      <kbd
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded-sm border border-line px-1 font-mono text-xs text-faint"
      >
        /
      </kbd>
    </div>
  );
}
