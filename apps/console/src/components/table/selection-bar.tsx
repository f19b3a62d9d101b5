"use client";
import { type ReactNode, useEffect } from "react";
import { Button } from "#components/button.tsx";
import { isTyping } from "#components/is-typing.ts";
import { numberText } from "#components/number-text.ts";
import { isRowCheckbox } from "#components/table/is-row-checkbox.ts";
import type { TableSelection } from "#components/table/use-selection.ts";

interface SelectionBarProps {
  readonly selection: TableSelection;
  /** How many the list has. */
  readonly total: number;
  readonly totalIsCapped: boolean;
  /** "agent" and "agents". */
  readonly words: readonly [string, string];
  /** What can be done with those that are chosen: buttons. */
  readonly children: ReactNode;
}

/** Says how many rows are chosen and what can be done with them; nothing while none is. Escape lets go of them. */
export function SelectionBar({ selection, total, totalIsCapped, words: [one, many], children }: SelectionBarProps) {
  const { count, chosen, selectAll, clear } = selection;
  const some = count > 0;
  useEffect(() => {
    if (!some) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || (isTyping(event) && !isRowCheckbox(event.target))) return;
      clear();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [some, clear]);
  if (!some) return null;
  const all = `${totalIsCapped ? "more than " : ""}${numberText(total)}`;
  return (
    <section
      aria-label="Selection"
      className="fixed inset-x-0 bottom-4 z-20 mx-auto flex w-fit max-w-[calc(100vw-2rem)] flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-float"
    >
      <span role="status" className="px-1 font-[550] tabular-nums">
        {chosen.all ? `All ${all}` : numberText(count)} {count === 1 ? one : many} selected
      </span>
      {!chosen.all && count < total && (
        <Button look="ghost" onClick={selectAll}>
          Select all {all} that match
        </Button>
      )}
      {children}
      <Button look="ghost" onClick={clear} title="Escape">
        Clear
      </Button>
    </section>
  );
}
