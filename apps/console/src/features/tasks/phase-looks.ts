import type { AttemptOutcome, PhaseKind } from "#features/tasks/attempts.ts";

interface Look {
  readonly word: string;
  /** CSS of its bar. */
  readonly fill: string;
}

const stripes = (colour: string) =>
  `repeating-linear-gradient(135deg, color-mix(in srgb, ${colour} 55%, transparent) 0 2px, transparent 2px 6px)`;

/** How each phase of an attempt is drawn: waits are hollow or striped, work is solid. */
export const PHASES: Readonly<Record<PhaseKind, Look>> = {
  waiting: { word: "Waited for other tasks", fill: stripes("var(--color-registered)") },
  delayed: { word: "Waited for its time", fill: stripes("var(--color-registered)") },
  backoff: { word: "Backed off", fill: stripes("var(--color-suspended)") },
  queued: { word: "Queued", fill: "color-mix(in srgb, var(--color-registered) 30%, transparent)" },
  again: { word: "Backed off and queued", fill: stripes("var(--color-suspended)") },
  offered: { word: "Offered", fill: "var(--color-deploying)" },
  running: { word: "Ran", fill: "var(--color-busy)" },
  stopping: { word: "Stopped", fill: "var(--color-suspended)" },
};

/** The colour of a run once it is known how it ended. */
const RUN_ENDED: Readonly<Record<AttemptOutcome, string>> = {
  succeeded: "var(--color-online)",
  failed: "var(--color-error)",
  returned: "var(--color-offline)",
  cancelled: "var(--color-offline)",
  expired: "var(--color-maintenance)",
};

/** The fill of a phase: of a run, how it ended. */
export function fillOf(kind: PhaseKind, outcome: AttemptOutcome | null): string {
  return kind === "running" && outcome !== null ? RUN_ENDED[outcome] : PHASES[kind].fill;
}

export const OUTCOMES: Readonly<Record<AttemptOutcome, string>> = {
  succeeded: "Succeeded",
  failed: "Failed",
  returned: "Taken back before it started",
  cancelled: "Cancelled",
  expired: "Expired",
};
