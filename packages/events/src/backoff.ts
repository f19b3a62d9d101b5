const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait before the attempt after `failures` failed ones: doubling, with jitter, at most five seconds. */
export function backoffMs(failures: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return longest * (0.5 + Math.random() / 2);
}
