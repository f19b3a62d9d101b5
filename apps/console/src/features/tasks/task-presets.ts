import type { TaskState } from "#api/generated/graphql.ts";

export type PresetName = "all" | "running" | "waiting" | "failed" | "done";

interface Preset {
  readonly word: string;
  /** Empty: whatever their state. */
  readonly states: readonly TaskState[];
}

/** What operators ask for most, in the order of the tabs. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  all: { word: "All", states: [] },
  running: { word: "Running", states: ["ASSIGNED", "RUNNING", "CANCELLING"] },
  waiting: { word: "Waiting", states: ["WAITING", "QUEUED"] },
  failed: { word: "Failed", states: ["FAILED"] },
  done: { word: "Done", states: ["SUCCEEDED", "CANCELLED", "EXPIRED"] },
};

/** The preset that asks for exactly these states; null when none does. */
export function presetOf(states: readonly TaskState[]): PresetName | null {
  const names = Object.keys(PRESETS) as PresetName[];
  return (
    names.find((name) => {
      const preset = PRESETS[name].states;
      return preset.length === states.length && preset.every((state) => states.includes(state));
    }) ?? null
  );
}
