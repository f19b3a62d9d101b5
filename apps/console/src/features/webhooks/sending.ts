/** Whether a webhook sends anything, and after a failure not before when. */
export interface Sending {
  readonly paused: boolean;
  readonly retryAt: string | null;
}

/** When a delivery is due: at its own time, and not before its webhook sends again. Null when it has ended. */
export function nextAttempt(
  { nextAttemptAt }: { readonly nextAttemptAt: string | null },
  { retryAt }: Sending,
): string | null {
  if (nextAttemptAt === null || retryAt === null) return nextAttemptAt;
  return Date.parse(retryAt) > Date.parse(nextAttemptAt) ? retryAt : nextAttemptAt;
}
