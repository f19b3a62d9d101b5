"use client";
import { type ReactNode, useId } from "react";
import { CopyButton } from "#components/copy-button.tsx";

interface ShownOnceProps {
  /** "Key". */
  readonly label: string;
  readonly secret: string;
  /** What to do with it, and what if it is lost. */
  readonly children: ReactNode;
}

/** A secret that nobody can look up later. */
export function ShownOnce({ label, secret, children }: ShownOnceProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <span id={id} className="font-[550]">
        {label}
      </span>
      <div className="flex items-start gap-2">
        <output
          aria-labelledby={id}
          className="min-w-0 grow rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm leading-5 wrap-anywhere select-all"
        >
          {secret}
        </output>
        <CopyButton text={() => secret}>{label.toLowerCase()}</CopyButton>
      </div>
      <p className="rounded-md bg-warning-soft px-3 py-2 text-warning">This is the only time it is shown. {children}</p>
    </div>
  );
}
