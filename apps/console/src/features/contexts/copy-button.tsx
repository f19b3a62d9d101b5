"use client";
import { Button } from "#components/button.tsx";
import { useCopied } from "#components/use-copied.ts";

/** Copies a text, and says so. */
export function CopyButton({ text }: { readonly text: () => string }) {
  const { copied, copy } = useCopied();
  return (
    <Button onClick={() => copy(text())}>
      <span role="status">{copied ? "Copied" : "Copy"}</span>
    </Button>
  );
}
