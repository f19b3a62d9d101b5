import type { SupervisorSettings } from "./settings.ts";

type Policy = Pick<
  SupervisorSettings,
  "restartDelayMs" | "longestRestartDelayMs" | "stableMs" | "failureLimit" | "failureWindowMs"
>;

/**
 * The quick failures in a row, with one that happens at `now` to a process that has been up for `upMs`: those within the
 * window, and none before a process that was stable.
 */
export function withFailure(failures: readonly number[], now: number, upMs: number, policy: Policy): number[] {
  const before = upMs >= policy.stableMs ? [] : failures.filter((at) => at > now - policy.failureWindowMs);
  return [...before, now];
}

/** Whether restarting is pointless. */
export function isHopeless(failures: readonly number[], policy: Policy): boolean {
  return failures.length >= policy.failureLimit;
}

/** The limit in words: "5 times within 5 min". */
export function limitOf({ failureLimit, failureWindowMs }: Policy): string {
  const seconds = Math.round(failureWindowMs / 1000);
  return `${failureLimit} times within ${seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
}

/**
 * The pause before the next start, in milliseconds: doubled with each failure, and between half of that and all of it, so
 * that what failed together does not start together. `random` is in [0, 1).
 */
export function restartDelay(failures: number, random: number, policy: Policy): number {
  const whole = Math.min(policy.restartDelayMs * 2 ** Math.max(0, failures - 1), policy.longestRestartDelayMs);
  return whole * (0.5 + random / 2);
}
