"use client";
import { numberText } from "#components/number-text.ts";
import { Tabs } from "#components/tabs.tsx";
import { type PresetName, presetOf, PRESETS } from "#features/tasks/task-presets.ts";
import type { TasksAddress } from "#features/tasks/tasks-address.ts";

interface Count {
  readonly totalCount: number;
  readonly totalIsCapped: boolean;
}

interface PresetTabsProps {
  readonly address: TasksAddress;
  readonly hrefOf: (address: TasksAddress) => string;
  /** How many tasks of the project each preset has. */
  readonly counts: Readonly<Record<PresetName, Count>> | null | undefined;
}

/** The presets of the list, each an address; what else narrows the list stays. */
export function PresetTabs({ address, hrefOf, counts }: PresetTabsProps) {
  const current = presetOf(address.state);
  const names = Object.keys(PRESETS) as PresetName[];
  return (
    <Tabs
      label="Tasks by state"
      tabs={names.map((name) => {
        const count = counts?.[name];
        return {
          name: PRESETS[name].word,
          href: hrefOf({ ...address, state: PRESETS[name].states, order: { by: "", descending: false } }),
          current: current === name,
          ...(count && { count: `${numberText(count.totalCount)}${count.totalIsCapped ? "+" : ""}` }),
        };
      })}
    />
  );
}
