import type { BulkJobState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state of a bulk job looks. */
export const JOB_STATES: Readonly<Record<BulkJobState, StateLook>> = {
  RUNNING: { word: "Running", colour: "var(--color-busy)", shape: SHAPES.play },
  SUCCEEDED: { word: "Succeeded", colour: "var(--color-online)", shape: SHAPES.check },
  FAILED: { word: "Failed", colour: "var(--color-error)", shape: SHAPES.cross },
  ABORTED: { word: "Aborted", colour: "var(--color-offline)", shape: SHAPES.square },
};
