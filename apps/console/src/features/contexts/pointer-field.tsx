"use client";
import { type SyntheticEvent, useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { pointerProblem } from "#components/json/json-pointer.ts";

interface PointerFieldProps {
  readonly pointer: string;
  readonly onPointer: (pointer: string) => void;
}

/** The path of a value, to be written or corrected. */
export function PointerField({ pointer, onPointer }: PointerFieldProps) {
  const [text, setText] = useState(pointer);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setText(pointer);
    setProblem(null);
  }, [pointer]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const wrong = pointerProblem(text.trim());
    setProblem(wrong);
    if (wrong === null) onPointer(text.trim());
  };
  return (
    <form onSubmit={submit} className="grid min-w-0 grow gap-1">
      <div className="flex gap-2">
        <input
          aria-label="Path"
          placeholder="/plan/owner, or nothing for the whole data"
          value={text}
          maxLength={4_096}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== null}
          aria-describedby="pointer-problem"
          onChange={(event) => setText(event.target.value)}
          className="w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 py-1 font-mono text-sm leading-5 placeholder:text-faint aria-invalid:border-danger"
        />
        <Button type="submit">Show</Button>
      </div>
      <p
        id="pointer-problem"
        role={problem === null ? undefined : "alert"}
        className="text-sm text-danger empty:hidden"
      >
        {problem}
      </p>
    </form>
  );
}
