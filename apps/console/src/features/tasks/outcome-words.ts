import type { TaskState } from "#api/generated/graphql.ts";

interface Failed {
  readonly state: TaskState;
  readonly failures: number;
  readonly maxFailures: number;
  readonly error: { readonly kind: string; readonly retryable: boolean };
  readonly retryRules: readonly {
    readonly errorKind: string;
    readonly retryable: boolean | null;
    readonly maxFailures: number | null;
  }[];
}

/** Why a failed task is tried again, or is not. */
export function lastSentence({ state, failures, maxFailures, error, retryRules }: Failed): string {
  const rule = retryRules.find(({ errorKind }) => errorKind === error.kind);
  const most = Math.min(maxFailures, rule?.maxFailures ?? maxFailures);
  if (state !== "FAILED") {
    const left = most - failures;
    return `${times(failures)} so far; ${left === 1 ? "one more failure" : `${left} more failures`} and it is given up.`;
  }
  if (rule?.retryable === false) return `Its retry rules say that ${error.kind} is not tried again.`;
  if (!error.retryable && rule?.retryable !== true) return "Its agent said that another attempt cannot help.";
  if (rule?.maxFailures != null && rule.maxFailures <= failures) {
    return `Its retry rules give up ${error.kind} after ${times(rule.maxFailures)}.`;
  }
  return failures === 1 ? "It may fail only once." : `It is given up after ${times(failures)}.`;
}

function times(failures: number): string {
  return failures === 1 ? "1 failure" : `${failures} failures`;
}
