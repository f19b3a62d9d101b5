"use client";
import type { Status } from "@muster/client/status.ts";
import { useSyncExternalStore } from "react";
import { useMuster } from "#api/api-provider.tsx";

const SAYS: Readonly<Record<Status, { readonly word: string; readonly means: string; readonly dot: string }>> = {
  live: { word: "Live", means: "What you see is up to date.", dot: "bg-online ring-online/20" },
  connecting: { word: "Connecting", means: "The first connection is being made.", dot: "bg-faint ring-faint/20" },
  reconnecting: {
    word: "Reconnecting",
    means: "The connection was lost. What happens meanwhile is caught up on by itself.",
    dot: "bg-suspended ring-suspended/25 motion-safe:animate-pulse",
  },
  offline: {
    word: "Offline",
    means: "The server cannot be reached. What you see may be old; we keep trying.",
    dot: "bg-error ring-error/25",
  },
};

/** Tells live, connecting, reconnecting and offline apart, in a word and a colour. */
export function ConnectionStatus() {
  const muster = useMuster();
  const status = useSyncExternalStore(
    muster.onStatus,
    () => muster.status,
    () => "connecting" as const,
  );
  const { word, means, dot } = SAYS[status];
  return (
    <span role="status" title={means} className="inline-flex items-center gap-2 text-muted">
      <span aria-hidden className={`size-[7px] rounded-full ring-3 ${dot}`} />
      {word}
    </span>
  );
}
