"use client";
import type { SignInRefusal } from "#api/sign-in.ts";
import { Problem } from "#components/notice.tsx";
import { durationText } from "#components/time.tsx";
import { useNow } from "#live/now.ts";

/** Why somebody was not let in, and from when on it may be tried again. */
export function RefusalNotice({ refusal }: { readonly refusal: SignInRefusal }) {
  return <Problem title={refusal.message}>{refusal.retryAt !== null && <TimeLeft until={refusal.retryAt} />}</Problem>;
}

function TimeLeft({ until }: { readonly until: number }) {
  const left = until - useNow();
  // Read out once, not with each second.
  return (
    <span aria-live="off" className="tabular-nums">
      {left <= 0 ? "You can try again now." : `You can try again in ${durationText(Math.max(1_000, left))}.`}
    </span>
  );
}

/** Whether it is too early to try again. */
export function useIsTooEarly(refusal: SignInRefusal | null): boolean {
  const now = useNow();
  return refusal !== null && refusal.retryAt !== null && refusal.retryAt > now;
}
