"use client";
import { useCopied } from "#components/use-copied.ts";

/** An id that is copied by a click; `short` shows its two ends. */
export function CopyableId({ id, short = false }: { readonly id: string; readonly short?: boolean }) {
  const { copied, copy } = useCopied();
  return (
    <button
      type="button"
      title={`Copy ${id}`}
      onClick={() => copy(id)}
      className="rounded-sm font-mono text-xs text-faint hover:text-ink"
    >
      <span className="sr-only">Copy the id </span>
      {short ? shortId(id) : id}
      <span role="status">{copied ? " copied" : ""}</span>
    </button>
  );
}

/** "agent_01jd8x…9qk2". */
export function shortId(id: string): string {
  const at = id.indexOf("_") + 1;
  return id.length - at > 12 ? `${id.slice(0, at + 6)}…${id.slice(-4)}` : id;
}
