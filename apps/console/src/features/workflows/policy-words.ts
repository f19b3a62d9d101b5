import type { DependencyCondition, FailurePolicy } from "#api/generated/graphql.ts";

/** What becomes of the rest when a step does not succeed. */
export const POLICY_WORDS: Readonly<Record<FailurePolicy, { readonly short: string; readonly sentence: string }>> = {
  CANCEL_ALL: {
    short: "Stops at the first failure",
    sentence: "When a step does not succeed, every other one that has not ended is cancelled.",
  },
  SKIP_DEPENDENTS: {
    short: "Skips what depends on a failure",
    sentence: "When a step does not succeed, those that need it are cancelled; the others go on.",
  },
  CONTINUE: {
    short: "Only final steps count",
    sentence:
      "When a step does not succeed, those that need it are cancelled and the others go on; it has succeeded when the final steps have.",
  },
};

/** When a step that waits for others is ready. */
export const CONDITION_WORDS: Readonly<Record<DependencyCondition, string>> = {
  ALL_SUCCEEDED: "once all have succeeded",
  ANY_SUCCEEDED: "once one has succeeded",
  ALL_ENDED: "once all have ended, however they did",
};
