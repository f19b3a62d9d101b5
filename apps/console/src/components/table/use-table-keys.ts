"use client";
import { type RefObject, useEffect, useRef } from "react";
import { isTyping } from "#components/is-typing.ts";
import { isRowCheckbox } from "#components/table/is-row-checkbox.ts";
import type { TableLines } from "#components/table/table-lines.ts";
import type { TableSelection } from "#components/table/use-selection.ts";
import type { TableVirtualizer } from "#components/table/use-table-window.ts";

type Lines = TableLines<{ readonly id: string }, unknown>;

/** Frames that a row which is scrolled to has until it is in the document. */
const PATIENCE = 20;

/** While nobody types: j and k move the focus from row to row, x chooses. */
export function useTableKeys(
  table: RefObject<HTMLTableElement | null>,
  virtualizer: TableVirtualizer,
  lines: Lines,
  selection: TableSelection | undefined,
): void {
  const latest = useRef({ virtualizer, lines, selection });
  latest.current = { virtualizer, lines, selection };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) && !isRowCheckbox(event.target)) return;
      const now = latest.current;
      const focused = document.activeElement?.closest<HTMLElement>("tr[data-index]");
      const at = focused && table.current?.contains(focused) ? Number(focused.dataset["index"]) : null;
      const key = event.key.toLowerCase();
      if ((key === "j" || key === "k") && !event.shiftKey) {
        const next = nextRow(now.lines, at, key === "j" ? 1 : -1, now.virtualizer.range);
        if (next === null) return;
        event.preventDefault();
        now.virtualizer.scrollToIndex(next, { align: "auto" });
        focusRow(table, next, PATIENCE);
      } else if (key === "x" && at !== null && now.selection) {
        const line = now.lines.at(at);
        if (line.kind !== "row") return;
        event.preventDefault();
        now.selection.toggle(line.row.id, event.shiftKey);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [table]);
}

/** The row beside the focused one; without one, the first in sight. Null at the ends. */
function nextRow(
  lines: Lines,
  at: number | null,
  step: 1 | -1,
  range: { readonly startIndex: number; readonly endIndex: number } | null,
): number | null {
  let index = at === null ? (step === 1 ? (range?.startIndex ?? 0) : (range?.endIndex ?? 0)) : at + step;
  for (; index >= 0 && index < lines.count; index += step) {
    const { kind } = lines.at(index);
    if (kind === "row") return index;
    if (kind === "missing") return null;
  }
  return null;
}

function focusRow(table: RefObject<HTMLElement | null>, index: number, patience: number): void {
  const link = table.current?.querySelector<HTMLElement>(`tr[data-index="${index}"] [data-row-link]`);
  if (link) link.focus({ preventScroll: true });
  else if (patience > 0) requestAnimationFrame(() => focusRow(table, index, patience - 1));
}
