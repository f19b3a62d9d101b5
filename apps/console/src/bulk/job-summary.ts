import type { BulkJobState } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";

interface Job {
  readonly state: BulkJobState;
  readonly failed: number;
  readonly skipped: number;
  readonly started: number;
  readonly pending: number;
  readonly total: number;
}

/** Where a job stands, in a sentence. */
export function jobSummary({ state, failed, skipped, started, pending, total }: Job): string {
  const watched =
    started > 0 ? ` ${numberText(started)} that had begun ${started === 1 ? "is" : "are"} watched to the end.` : "";
  switch (state) {
    case "RUNNING":
      if (pending > 0) return "It goes on by itself, also when you close this.";
      return `All have had their turn.${watched}`;
    case "SUCCEEDED":
      if (total === 0) return "Nothing matched, so there was nothing to do.";
      if (skipped === total) return "There was nothing to do any more: all of them were skipped.";
      return skipped === 0
        ? "All of them were dealt with."
        : "All of them were dealt with. The bulk job says why it skipped some.";
    case "FAILED":
      return `${numberText(failed)} did not end in time. Look at ${failed === 1 ? "it" : "them"}: what ${failed === 1 ? "it was" : "they were"} asked may still happen.`;
    case "ABORTED":
      return `It was stopped. ${pending === 0 ? "All had had their turn." : `${numberText(pending)} were left alone.`}${watched}`;
  }
}
