"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { isTyping } from "#components/is-typing.ts";
import type { ComparedLine } from "#components/diff/compare-lines.ts";
import { changesIn } from "#components/diff/fold-lines.ts";

export interface ChangeSteps {
  /** How many changes there are. */
  readonly count: number;
  /** Which of them the reader is at, from 0; null: none yet. */
  readonly current: number | null;
  /** The line where it begins. */
  readonly at: ComparedLine | null;
  readonly step: (by: 1 | -1) => void;
}

/** Leads from change to change: n to the next, p to the one before, and around at the end. */
export function useChangeSteps(lines: readonly ComparedLine[]): ChangeSteps {
  const changes = useMemo(() => changesIn(lines), [lines]);
  const [at, setAt] = useState<ComparedLine | null>(null);
  const current = at === null ? -1 : changes.indexOf(at);
  const step = (by: 1 | -1) => {
    if (changes.length === 0) return;
    const next = current < 0 ? (by === 1 ? 0 : changes.length - 1) : (current + by + changes.length) % changes.length;
    setAt(changes[next] ?? null);
  };
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || (event.key !== "n" && event.key !== "p")) return;
      latest.current(event.key === "n" ? 1 : -1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return { count: changes.length, current: current < 0 ? null : current, at: current < 0 ? null : at, step };
}
