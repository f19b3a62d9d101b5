import type { BulkJobOutcome } from "#api/generated/graphql.ts";
import { type BulkSubject, doneText } from "#bulk/bulk-request.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How what has become of a target looks. */
export const OUTCOMES: Readonly<Record<BulkJobOutcome, StateLook>> = {
  PENDING: { word: "Pending", colour: "var(--color-registered)", shape: SHAPES.dashed },
  STARTED: { word: "Under way", colour: "var(--color-busy)", shape: SHAPES.arc },
  SUCCEEDED: { word: "Done", colour: "var(--color-online)", shape: SHAPES.check },
  SKIPPED: { word: "Skipped", colour: "var(--color-offline)", shape: SHAPES.dash },
  FAILED: { word: "Did not end", colour: "var(--color-error)", shape: SHAPES.cross },
};

/** "12 suspended", "3 finish their tasks first": what stands after a number of targets with an outcome. */
export function outcomeText(subject: BulkSubject, outcome: BulkJobOutcome): string {
  switch (outcome) {
    case "PENDING":
      return "not had their turn";
    case "STARTED":
      return subject.what === "agents" ? "finishing their tasks first" : "asked to stop";
    case "SUCCEEDED":
      return doneText(subject);
    case "SKIPPED":
      return "skipped";
    case "FAILED":
      return "did not end in time";
  }
}
