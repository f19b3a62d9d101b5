"use client";
import { type RefObject, useEffect, useRef } from "react";
import { isTyping } from "#components/is-typing.ts";

/** Frames that a row which is scrolled to has until it is in the document. */
const PATIENCE = 20;

interface VersionKeys {
  readonly list: RefObject<HTMLElement | null>;
  /** How many rows there are. */
  readonly count: number;
  /** The row to begin at when none has the focus. */
  readonly first: number;
  readonly scrollTo: (row: number) => void;
  /** Chooses the version of a row to compare it. */
  readonly choose: (row: number) => void;
  readonly compare: () => void;
}

/** While nobody types: j and k move the focus from version to version, x chooses one to compare, v compares. */
export function useVersionKeys(options: VersionKeys): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const box = event.target instanceof HTMLInputElement && event.target.type === "checkbox";
      if ((isTyping(event) && !(box && !event.ctrlKey && !event.metaKey && !event.altKey)) || event.shiftKey) return;
      const { list, count, first, scrollTo, choose, compare } = latest.current;
      const focused = document.activeElement?.closest<HTMLElement>("li[data-row]");
      const at = focused && list.current?.contains(focused) ? Number(focused.dataset["row"]) : null;
      if (event.key === "j" || event.key === "k") {
        const row = at === null ? first : at + (event.key === "j" ? 1 : -1);
        if (row < 0 || row >= count) return;
        event.preventDefault();
        scrollTo(row);
        focusRow(list, row, PATIENCE);
      } else if (event.key === "x" && at !== null) {
        event.preventDefault();
        choose(at);
      } else if (event.key === "v") {
        event.preventDefault();
        compare();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function focusRow(list: RefObject<HTMLElement | null>, row: number, frames: number): void {
  const link = list.current?.querySelector<HTMLElement>(`li[data-row="${row}"] a`);
  if (link) link.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusRow(list, row, frames - 1));
}
