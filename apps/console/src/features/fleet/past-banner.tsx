"use client";
import { useEffect } from "react";
import { Button } from "#components/button.tsx";
import { isTyping } from "#components/is-typing.ts";
import { durationText } from "#components/time.tsx";
import { momentText } from "#features/fleet/moment-text.ts";
import { useNow } from "#live/now.ts";

interface PastBannerProps {
  readonly at: number;
  /** The other moment, when two are compared. */
  readonly to: number | undefined;
  readonly onBack: () => void;
}

/** Says at all times that this is not the present, and leads back to it; so does Escape. */
export function PastBanner({ at, to, onBack }: PastBannerProps) {
  const now = useNow();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !isTyping(event)) onBack();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  return (
    <div
      role="region"
      aria-label="The past"
      className="sticky top-0 z-20 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-warning/50 bg-warning-soft px-3 py-1.5"
    >
      <svg viewBox="0 0 16 16" aria-hidden className="size-4 text-warning">
        <path
          d="M2.5 8a5.5 5.5 0 1 0 1.7-4M2.2 2.2v2.6h2.6M8 5v3.2l2 1.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <p className="grow">
        {to === undefined ? (
          <>
            The fleet as it was on <b className="font-semibold tabular-nums">{momentText(at)}</b>
            <span className="text-muted tabular-nums"> · {agoText(now - at)}</span>
          </>
        ) : (
          <>
            What changed from <b className="font-semibold tabular-nums">{momentText(Math.min(at, to))}</b> to{" "}
            <b className="font-semibold tabular-nums">{momentText(Math.max(at, to))}</b>
            <span className="text-muted tabular-nums"> · {durationText(Math.abs(to - at))}</span>
          </>
        )}
      </p>
      <Button onClick={onBack} title="Escape">
        Back to now
      </Button>
    </div>
  );
}

function agoText(elapsed: number): string {
  return elapsed < 1_000 ? "now" : `${durationText(elapsed)} ago`;
}
