"use client";
import { Button } from "#components/button.tsx";
import { useCopied } from "#components/use-copied.ts";

interface CopyButtonProps {
  readonly text: () => string;
  /** What it copies, where that is not plain to see: "cursor". */
  readonly children?: string;
}

/** Copies a text, and says so. */
export function CopyButton({ text, children }: CopyButtonProps) {
  const { copied, copy } = useCopied();
  return (
    <Button onClick={() => copy(text())}>
      <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
      {children}
    </Button>
  );
}
