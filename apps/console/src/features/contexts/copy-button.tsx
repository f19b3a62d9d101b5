"use client";
import { useEffect, useState } from "react";
import { Button } from "#components/button.tsx";

/** Copies a text, and says so. */
export function CopyButton({ text }: { readonly text: () => string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button onClick={() => void navigator.clipboard.writeText(text()).then(() => setCopied(true))}>
      <span role="status">{copied ? "Copied" : "Copy"}</span>
    </Button>
  );
}
