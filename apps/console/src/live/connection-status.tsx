"use client";
import type { Status } from "@muster/client/status.ts";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useMuster } from "#api/api-provider.tsx";
import { durationText } from "#components/time.tsx";
import { useIsFollowing } from "#live/following.ts";
import { useNow } from "#live/now.ts";

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

/**
 * Tells live, connecting, reconnecting and offline apart, in a word and a colour; and since when what is seen may be old. Where
 * nothing is followed there is nothing to tell.
 */
export function ConnectionStatus() {
  const muster = useMuster();
  const status = useSyncExternalStore(
    muster.onStatus,
    () => muster.status,
    () => "connecting" as const,
  );
  const lostAt = useLostAt(status);
  const following = useIsFollowing();
  const { word, means, dot } = SAYS[status];
  return (
    <span
      title={means}
      // Its place is kept: what stands beside it does not move when it comes.
      className={`inline-flex items-center gap-2 whitespace-nowrap text-muted ${following || status !== "connecting" ? "" : "invisible"}`}
    >
      <span aria-hidden className={`size-[7px] rounded-full ring-3 ${dot}`} />
      {/* Read out when the word changes, not with each second. */}
      <span role="status">{word}</span>
      {lostAt !== null && <Since at={lostAt} />}
    </span>
  );
}

/** When the connection was lost, in milliseconds since 1970; null while there is one, and before the first. */
function useLostAt(status: Status): number | null {
  const [lostAt, setLostAt] = useState<number | null>(null);
  useEffect(() => {
    if (status === "live" || status === "connecting") setLostAt(null);
    else setLostAt((since) => since ?? Date.now());
  }, [status]);
  return lostAt;
}

function Since({ at }: { readonly at: number }) {
  const now = useNow();
  return <span className="text-faint tabular-nums">for {durationText(Math.max(0, now - at))}</span>;
}
