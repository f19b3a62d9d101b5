import type { TaskState } from "#api/generated/graphql.ts";

interface Preset {
  readonly word: string;
  /** Null: all. */
  readonly states: readonly TaskState[] | null;
  /** What it means when there is none. */
  readonly none: string;
}

/** Which of an agent's tasks there is reason to look at. */
export const TASK_PRESETS = {
  all: {
    word: "All",
    states: null,
    none: "A task comes to it when it is created for it by name, or needs a capability that it has, while it is at work.",
  },
  held: { word: "Held now", states: ["ASSIGNED", "RUNNING", "CANCELLING"], none: "It holds no task at the moment." },
  waiting: {
    word: "Waiting for it",
    states: ["WAITING", "QUEUED"],
    none: "No task that was meant for it, or that it had before, waits.",
  },
  failed: { word: "Failed", states: ["FAILED", "EXPIRED"], none: "None of its tasks failed for good." },
  done: { word: "Done", states: ["SUCCEEDED", "CANCELLED"], none: "None of its tasks has ended." },
} as const satisfies Record<string, Preset>;

export type TaskPreset = keyof typeof TASK_PRESETS;

/** The preset that an address names; without a name, or with one that there is not, all of them. */
export function presetOf(name: string | null): TaskPreset {
  return name !== null && Object.hasOwn(TASK_PRESETS, name) ? (name as TaskPreset) : "all";
}
