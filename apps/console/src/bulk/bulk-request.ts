import type { AgentAction, AgentFilter, TaskFilter } from "#api/generated/graphql.ts";
import { numberText } from "#components/number-text.ts";
import { AGENT_ACTIONS } from "#lifecycles/agent-states.tsx";

/** What to do to many: to those that the filter lets through, or, with `all`, to every one of the project. */
export type BulkRequest =
  | { readonly what: "agents"; readonly action: AgentAction; readonly filter: AgentFilter; readonly all?: boolean }
  | {
      readonly what: "tasks";
      readonly action: "CANCEL" | "RETRY";
      readonly filter: TaskFilter;
      readonly all?: boolean;
    };

export type BulkSubject = Pick<BulkRequest, "what" | "action">;

/** "1 agent", "1,284 tasks". */
export function countText(what: BulkRequest["what"], count: number): string {
  return `${numberText(count)} ${count === 1 ? what.slice(0, -1) : what}`;
}

/** "Suspend 12 agents", "Run 1 task again": what a title and a button say. `count`: null while it is not known. */
export function bulkTitle({ what, action }: BulkSubject, count: number | null): string {
  const things = count === null ? what : countText(what, count);
  if (what === "agents") return `${AGENT_ACTIONS[action as AgentAction]} ${things}`;
  return action === "CANCEL" ? `Cancel ${things}` : `Run ${things} again`;
}

/** How what was done to one reads: "suspended". */
const DONE: Partial<Record<AgentAction, string>> = {
  START: "started",
  RESTART: "restarted",
  SUSPEND: "suspended",
  RESUME: "resumed",
  MAINTAIN: "set aside for maintenance",
  RECOVER: "trusted to be well again",
  FAIL: "marked as failed",
  STOP: "stopped",
  DECOMMISSION: "decommissioned for good",
};

/** "suspended", "cancelled", "run again". */
export function doneText({ what, action }: BulkSubject): string {
  if (what === "agents") return DONE[action as AgentAction] ?? "moved";
  return action === "CANCEL" ? "cancelled" : "run again";
}

const TYPED_ABOVE = 100;

/** Whether the count has to be typed: for many, and for what cannot be taken back. */
export function needsCount({ action }: BulkSubject, count: number): boolean {
  return count > TYPED_ABOVE || action === "DECOMMISSION";
}

/** Actions that let busy agents finish their tasks first. */
export function drains({ action }: BulkSubject): boolean {
  return ["SUSPEND", "MAINTAIN", "STOP", "RESTART"].includes(action);
}
