"use client";
import { useId, useRef } from "react";
import type { JsonProblem } from "#components/schema-form/json-problem.ts";

interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** What is wrong, and on which line. */
  readonly problem: JsonProblem | null;
  readonly hint?: string;
  readonly labelHidden?: boolean;
  readonly disabled?: boolean;
  /** The fewest and most lines to show at once. */
  readonly rows?: readonly [number, number];
}

const LINE_HEIGHT = 20;
/** So many lines have numbers beside them; a text beyond it is edited better elsewhere. */
const MOST_NUMBERED = 5_000;

/** A JSON text to write, with numbers beside its lines. Tab leaves it, as it leaves every field. */
export function JsonEditor(props: JsonEditorProps) {
  const { label, text, onChange, problem, hint, labelHidden = false, disabled = false, rows = [8, 24] } = props;
  const id = useId();
  const numbers = useRef<HTMLDivElement>(null);
  const lines = Math.min(MOST_NUMBERED, text.split("\n").length);
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className={labelHidden ? "sr-only" : "font-[550]"}>
        {label}
      </label>
      <div
        data-invalid={problem === null ? undefined : true}
        className="flex min-w-0 overflow-hidden rounded-md border border-line-strong bg-surface font-mono text-sm focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent data-invalid:border-danger"
      >
        <div
          ref={numbers}
          aria-hidden
          className="shrink-0 overflow-hidden border-r border-line bg-sunken py-2 pr-2 pl-2.5 text-right text-faint tabular-nums select-none"
          style={{ height: Math.min(rows[1], Math.max(rows[0], lines)) * LINE_HEIGHT + 16 }}
        >
          {Array.from({ length: lines }, (_, line) => (
            <div key={line} className={`leading-5 ${problem?.line === line + 1 ? "font-semibold text-danger" : ""}`}>
              {line + 1}
            </div>
          ))}
        </div>
        <textarea
          id={id}
          value={text}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
          onScroll={({ currentTarget }) => numbers.current?.scrollTo({ top: currentTarget.scrollTop })}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={problem === null ? undefined : true}
          aria-describedby={`${id}-says`}
          className="min-w-0 grow resize-none bg-transparent px-2.5 py-2 leading-5 outline-none"
        />
      </div>
      <p id={`${id}-says`} className={`min-h-4 text-sm ${problem === null ? "text-faint" : "text-danger"}`}>
        {problem === null ? hint : `Line ${problem.line}: ${problem.message}`}
      </p>
    </div>
  );
}
