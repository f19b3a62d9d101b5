import type { LimitName } from "#features/settings/limits/retention-form.ts";

interface LimitWords {
  readonly label: string;
  /** What it means, and what happens without it. */
  readonly hint: string;
  /** What a narrower one removes. */
  readonly removes?: (value: number) => string;
}

/** How each limit reads. */
export const LIMIT_WORDS: Readonly<Record<LimitName, LimitWords>> = {
  maxAgents: {
    label: "Agents",
    hint: "How many there may be that are not decommissioned. Those that are there stay.",
  },
  maxRunningAgents: {
    label: "Agents that run at once",
    hint: "Those that run already are left alone.",
  },
  maxTasksPerMinute: {
    label: "New tasks a minute",
    hint: "Those of schedules and bulk jobs count, and are not refused.",
  },
  maxContexts: {
    label: "Contexts",
    hint: "How many there may be, of agents and shared.",
  },
  maxStorageBytes: {
    label: "Storage in MB",
    hint: "What contexts, and the inputs and outputs of tasks, may take as JSON. Outputs are not refused.",
  },
  maxRunningTasks: {
    label: "Tasks held at once",
    hint: "More wait in their queues; what agents hold already is left to them.",
  },
  eventRetentionDays: {
    label: "Days that events are kept",
    hint: "Timelines, the activity and time travel go back so far at least. What explains the present stays: the newest transition of each agent and task. Empty: as long as this installation keeps them.",
    removes: (days) =>
      `Events older than ${days === 1 ? "a day" : `${days.toLocaleString("en-GB")} days`}, in all projects of the workspace: timelines, activity and time travel end there.`,
  },
  keepContextVersions: {
    label: "Versions of a context that keep their data",
    hint: "The newest ones, where the context says nothing else. Pinned versions and those that a rollback went back to keep theirs too; the record of every version stays. Empty: all.",
    removes: (versions) =>
      `The data of all but the newest ${versions === 1 ? "version" : `${versions.toLocaleString("en-GB")} versions`} of each context that says nothing else: it can neither be read nor rolled back to.`,
  },
};
