"use client";
import { CopyButton } from "#components/copy-button.tsx";

interface FirstCallProps {
  /** What it makes: "the first workflow". */
  readonly makes: string;
  readonly code: string;
}

/** In an empty place: the call that would make the first of what it holds, to be copied. */
export function FirstCall({ makes, code }: FirstCallProps) {
  return (
    <figure className="mt-4 overflow-hidden rounded-md border border-line bg-sunken text-left">
      <figcaption className="flex items-center justify-between gap-3 border-b border-line py-1 pr-1 pl-3 text-sm text-muted">
        A call of the API that makes {makes}
        <CopyButton text={() => code} />
      </figcaption>
      {/* Scrolled by keys too. */}
      <pre
        tabIndex={0}
        aria-label={`A call that makes ${makes}`}
        className="overflow-x-auto px-3 py-2 font-mono text-xs text-ink"
      >
        {code}
      </pre>
    </figure>
  );
}
