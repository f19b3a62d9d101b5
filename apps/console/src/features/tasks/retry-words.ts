import { durationText } from "#components/time.tsx";

interface Backoff {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: boolean;
}

/** "1 s, then 2 × as long, up to 5 m". */
export function backoffText({ initialMs, factor, maxMs, jitter }: Backoff): string {
  if (maxMs === 0 || initialMs === 0) return "none";
  const grows = factor > 1 && maxMs > initialMs ? `, then ${factor} × as long, up to ${durationText(maxMs)}` : "";
  return `${durationText(initialMs)}${grows}${jitter ? ", a random part of it" : ""}`;
}

interface Rule {
  readonly retryable: boolean | null;
  readonly maxFailures: number | null;
  readonly initialMs: number | null;
}

/** "given up after 20, first wait 5 s". */
export function ruleText({ retryable, maxFailures, initialMs }: Rule): string {
  if (retryable === false) return "not tried again";
  const says = [
    ...(retryable === true ? ["tried again"] : []),
    ...(maxFailures === null ? [] : [`given up after ${maxFailures}`]),
    ...(initialMs === null ? [] : [`first wait ${durationText(initialMs)}`]),
  ];
  return says.join(", ");
}
