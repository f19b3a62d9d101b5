import type { WorkflowState } from "#api/generated/graphql.ts";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state of a workflow looks: like the same state of a task. */
export const WORKFLOW_STATES: Readonly<Record<WorkflowState, StateLook>> = {
  RUNNING: { word: "Running", colour: "var(--color-busy)", shape: SHAPES.play },
  SUCCEEDED: { word: "Succeeded", colour: "var(--color-online)", shape: SHAPES.check },
  FAILED: { word: "Failed", colour: "var(--color-error)", shape: SHAPES.cross },
  CANCELLED: { word: "Cancelled", colour: "var(--color-offline)", shape: SHAPES.square },
};
